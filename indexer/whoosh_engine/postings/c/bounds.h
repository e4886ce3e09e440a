/* What no match of a query exceeds, in blocks of the segment and in groups of them. */

#ifndef BOUNDS_H
#define BOUNDS_H

#include "query.h"

#define FIRST_GROUPS 32 /* whose most promising blocks are searched first, for what is enough to be known early */
#define SLACK 1.0001f /* Bounds are sums in single precision. */

static void
fill_bounds(const Query *query)
{
    float *restrict bounds = query->bounds;
    Py_ssize_t blocks = blocks_of(query->size);
    for (const ScoredList *one = query->scored; one < query->scored + query->scored_count; one++) {
        const uint8_t *greatest = one->greatest.view.buf;
        float worth = one->worth / FULL;
        for (Py_ssize_t block = 0; block < blocks; block++) {
            bounds[block] += worth * greatest[block];
        }
    }
    for (const ScoredList *one = query->scored; one < query->scored + query->scored_count; one++) {
        /* Where a condition does not hold, the greatest may be 0 although the list has documents. */
        bool is_everywhere = one->list->is_required && one->condition.length == 0;
        const uint8_t *greatest = one->greatest.view.buf;
        for (Py_ssize_t block = 0; is_everywhere && block < blocks; block++) {
            bounds[block] = greatest[block] > 0 ? bounds[block] : -1;
        }
    }
}

/* The greatest bound in each group of blocks. Several are compared at once, as the compiler may not choose to. */
static void
fill_group_bounds(const Query *query)
{
    enum { AT_ONCE = 8 };
    for (Py_ssize_t group = 0; group < groups_of(query->size); group++) {
        const float *bounds = query->bounds + group * GROUP;
        float greatest[AT_ONCE];
        memcpy(greatest, bounds, sizeof greatest);
        for (int block = AT_ONCE; block < GROUP; block += AT_ONCE) {
            for (int lane = 0; lane < AT_ONCE; lane++) {
                greatest[lane] = bounds[block + lane] > greatest[lane] ? bounds[block + lane] : greatest[lane];
            }
        }
        for (int lane = 1; lane < AT_ONCE; lane++) {
            greatest[0] = greatest[lane] > greatest[0] ? greatest[lane] : greatest[0];
        }
        query->group_bounds[group] = greatest[0];
    }
}

/* A bound that so many groups reach, or all there are. */
static float
bound_of_first(const Query *query)
{
    float first[FIRST_GROUPS] = {0};
    for (Py_ssize_t group = 0; group < groups_of(query->size); group++) {
        float bound = query->group_bounds[group];
        int place = FIRST_GROUPS;
        for (; place > 0 && first[place - 1] < bound; place--) {
            if (place < FIRST_GROUPS) {
                first[place] = first[place - 1];
            }
        }
        if (place < FIRST_GROUPS) {
            first[place] = bound;
        }
    }
    return first[FIRST_GROUPS - 1];
}

#endif

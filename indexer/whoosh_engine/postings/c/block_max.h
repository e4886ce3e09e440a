/* The best matches of a query, block by block of the segment: a block in which the greatest scores of all words do not
   add up to those of enough other matches is passed over. See `ranking/best_matches.py`. */

#ifndef BLOCK_MAX_H
#define BLOCK_MAX_H

#include "best.h"
#include "bounds.h"

#include <math.h>

/* The documents, among some that ascend, that are in a block, from `at` on. */
static uint64_t
present_in(const int32_t *documents, Py_ssize_t at, Py_ssize_t stop, int32_t start)
{
    uint64_t present = 0;
    for (; at < stop; at++) {
        uint32_t place = place_from(start, documents[at]);
        if (place >= BLOCK) {
            break;
        }
        present |= (uint64_t)1 << place;
    }
    return present;
}

/* The same for postings of a word, all of which may not be in the fields that are searched. */
static uint64_t
occurring_in(const Table *table, const Run *run, int32_t start)
{
    const int32_t *documents = table->documents.view.buf;
    uint64_t present = 0;
    if (table->is_whole) {
        return present_in(documents, run->at, run->stop, start);
    }
    for (Py_ssize_t at = run->at; at < run->stop && place_from(start, documents[at]) < BLOCK; at++) {
        present |= (uint64_t)occurs(table, at) << (documents[at] - start);
    }
    return present;
}

static void
read_list(List *list, int32_t start)
{
    if (list->table == NULL) {
        const int32_t *documents = list->documents.view.buf;
        list->at = seek(documents, list->at, list->documents.size, start);
        list->present = present_in(documents, list->at, list->documents.size, start);
        return;
    }
    list->present = 0;
    for (Run *run = list->word.runs; run < list->word.runs + list->word.count; run++) {
        run->at = seek(list->table->documents.view.buf, run->at, run->stop, start);
        list->present |= occurring_in(list->table, run, start);
    }
}

/* The first document of a list from one on; a number that no segment has where there is none. */
static int32_t
first_from(List *list, int32_t start)
{
    const int32_t *documents;
    int32_t first = INT32_MAX;
    if (list->table == NULL) {
        documents = list->documents.view.buf;
        list->at = seek(documents, list->at, list->documents.size, start);
        return list->at < list->documents.size ? documents[list->at] : first;
    }
    documents = list->table->documents.view.buf;
    for (Run *run = list->word.runs; run < list->word.runs + list->word.count; run++) {
        run->at = seek(documents, run->at, run->stop, start);
        if (run->at < run->stop && documents[run->at] < first) {
            first = documents[run->at];
        }
    }
    return first;
}

static uint64_t
run_program(const Query *query, const Program *program)
{
    uint64_t *top = query->stack;
    for (Py_ssize_t step = 0; step < program->length; step++) {
        switch (program->steps[step]) {
        case AND:
            top--;
            top[-1] &= top[0];
            break;
        case OR:
            top--;
            top[-1] |= top[0];
            break;
        case NOT:
            top[-1] = ~top[-1];
            break;
        case ALL:
            *top++ = ~(uint64_t)0;
            break;
        default:
            *top++ = query->lists[program->steps[step]].present;
        }
    }
    return top[-1];
}

/* What a document of a list adds to its score. */
static float
worth_on(const ScoredList *one, int32_t document)
{
    List *list = one->list;
    if (list->table != NULL) {
        return seek_worth(list->table, &list->word, &one->scoring, document, false);
    }
    Py_ssize_t at = seek(list->documents.view.buf, list->at, list->documents.size, document);
    return at < list->documents.size ? one->worth * ((const float *)one->impacts.view.buf)[at] : 0;
}

/* Adds up the scores of matches, in the order of the lists: the sums are the same, to the last bit, as those of whole
   columns. */
static void
add_scores(const Query *query, uint64_t matches, int32_t start, float *scores)
{
    for (const ScoredList *one = query->scored; one < query->scored + query->scored_count; one++) {
        uint64_t left = matches & one->list->present;
        if (one->condition.length) {
            left &= run_program(query, &one->condition);
        }
        for (; left; left &= left - 1) {
            int place = __builtin_ctzll(left);
            scores[place] += worth_on(one, start + place);
        }
    }
}

/* The documents of a block that match, in a set. */
static uint64_t
matches_in(const Query *query, Py_ssize_t block)
{
    uint64_t matches = ~(uint64_t)0;
    for (List **list = query->order; matches && list < query->order + query->list_count; list++) {
        read_list(*list, (int32_t)(block * BLOCK));
        matches &= (*list)->is_required ? (*list)->present : ~(uint64_t)0;
    }
    matches = matches ? run_program(query, &query->program) : 0;
    for (uint64_t left = matches; left; left &= left - 1) {
        Py_ssize_t document = block * BLOCK + __builtin_ctzll(left);
        if (document >= query->size || !query->allowed[document]) {
            matches ^= left & -left;
        }
    }
    return matches;
}

/* Those of some matches whose lists, each at its greatest in the block, add up to a score that is enough. */
static uint64_t
promising(const Query *query, uint64_t matches, Py_ssize_t block, float enough)
{
    float bounds[BLOCK] = {0};
    for (const ScoredList *one = query->scored; one < query->scored + query->scored_count; one++) {
        float most = one->worth / FULL * ((const uint8_t *)one->greatest.view.buf)[block] * SLACK;
        for (uint64_t left = matches & one->list->present; left; left &= left - 1) {
            bounds[__builtin_ctzll(left)] += most;
        }
    }
    for (uint64_t left = matches; left; left &= left - 1) {
        if (bounds[__builtin_ctzll(left)] < enough) {
            matches ^= left & -left;
        }
    }
    return matches;
}

static int
search_block(Query *query, Py_ssize_t block, Best *best)
{
    int32_t start = (int32_t)(block * BLOCK);
    uint64_t matches = promising(query, matches_in(query, block), block, enough(best));
    float scores[BLOCK] = {0};
    if (matches) {
        add_scores(query, matches, start, scores);
    }
    for (; matches; matches &= matches - 1) {
        int place = __builtin_ctzll(matches);
        if (take_match(best, start + place, scores[place]) < 0) {
            return NO_MEMORY;
        }
    }
    return 0;
}

/* The first block, from one on, that has a document of the shortest list among those that are required. */
static Py_ssize_t
next_block(const Query *query, Py_ssize_t block)
{
    List *list = query->order[0];
    if (query->list_count == 0 || !list->is_required) {
        return block;
    }
    int32_t first = first_from(list, (int32_t)(block * BLOCK));
    Py_ssize_t next = first == INT32_MAX ? blocks_of(query->size) : first / BLOCK;
    return next < block ? block : next; /* a damaged index may have any order of documents */
}

/* Searches the blocks whose bounds are in a range, and still enough. Returns a problem, or 0. */
static int
search_blocks(Query *query, Best *best, float least, float limit)
{
    Py_ssize_t blocks = blocks_of(query->size);
    int problem = 0;
    for (Py_ssize_t group = 0; group < groups_of(query->size); group++) {
        if (query->group_bounds[group] < least || query->group_bounds[group] * SLACK < enough(best)) {
            continue;
        }
        Py_ssize_t end = (group + 1) * GROUP < blocks ? (group + 1) * GROUP : blocks;
        for (Py_ssize_t block = group * GROUP; block < end && problem == 0; block++) {
            float bound = query->bounds[block];
            if (bound < least || bound >= limit || bound * SLACK < enough(best)) {
                continue;
            }
            Py_ssize_t next = next_block(query, block);
            if (next > block) {
                block = next - 1;
            }
            else {
                problem = search_block(query, block, best);
            }
        }
    }
    return problem;
}

/* Begins again with the first document. */
static void
rewind_query(Query *query)
{
    for (List *list = query->lists; list < query->lists + query->list_count; list++) {
        list->at = 0;
        rewind_word(&list->word);
    }
}

static int
search_segment(Query *query, Best *best)
{
    fill_bounds(query);
    fill_group_bounds(query);
    float first = bound_of_first(query);
    int problem = search_blocks(query, best, first, INFINITY);
    if (problem == 0) {
        rewind_query(query);
        problem = search_blocks(query, best, 0, first);
    }
    drop_losers(best);
    return problem;
}

#endif

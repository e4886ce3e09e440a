/* The best of many matches. */

#ifndef BEST_H
#define BEST_H

#include "work.h"

typedef struct {
    int32_t document;
    float score;
} Match;

/* The best scores, as a heap with the least of them in front, and all matches that reached it when they were found. */
typedef struct {
    float *heap;
    Py_ssize_t wanted, count;
    Match *matches;
    Py_ssize_t found, room;
} Best;

/* The score that a match must reach: that of the least of the best, once there are enough. */
static inline float
enough(const Best *best)
{
    return best->count < best->wanted ? 0 : best->heap[0];
}

static void
take_score(Best *best, float score)
{
    Py_ssize_t place = 0;
    float *heap = best->heap;
    if (best->count < best->wanted) {
        place = best->count++;
        for (; place && heap[(place - 1) / 2] > score; place = (place - 1) / 2) {
            heap[place] = heap[(place - 1) / 2];
        }
    }
    else if (score > heap[0]) {
        for (Py_ssize_t child = 1; child < best->count; child = 2 * place + 1) {
            child += child + 1 < best->count && heap[child + 1] < heap[child];
            if (heap[child] >= score) {
                break;
            }
            heap[place] = heap[child];
            place = child;
        }
    }
    else {
        return;
    }
    heap[place] = score;
}

/* Takes a match, if its score is enough. Returns a problem, or 0. */
static int
take_match(Best *best, int32_t document, float score)
{
    if (score < enough(best)) {
        return 0;
    }
    if (best->found == best->room) {
        Py_ssize_t room = 2 * best->room + 64;
        Match *matches = realloc(best->matches, room * sizeof *matches);
        if (matches == NULL) {
            return NO_MEMORY;
        }
        best->matches = matches;
        best->room = room;
    }
    best->matches[best->found++] = (Match){document, score};
    take_score(best, score);
    return 0;
}

/* Leaves out what is not enough in the end. */
static void
drop_losers(Best *best)
{
    Py_ssize_t kept = 0;
    for (Py_ssize_t index = 0; index < best->found; index++) {
        best->matches[kept] = best->matches[index];
        kept += best->matches[index].score >= enough(best);
    }
    best->found = kept;
}

#endif

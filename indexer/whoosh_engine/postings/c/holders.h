/* The documents that have a word. */

#ifndef HOLDERS_H
#define HOLDERS_H

#include "table.h"

static void
seek_holders(const Table *table, Word *word, const int32_t *documents, Py_ssize_t count, uint8_t *restrict mask)
{
    for (Py_ssize_t index = 0; index < count; index++) {
        bool is_there = false;
        for (Py_ssize_t number = 0; number < word->count; number++) {
            Py_ssize_t posting = find_posting(table, &word->runs[number], documents[index]);
            is_there = is_there || (posting >= 0 && occurs(table, posting));
        }
        mask[index] = is_there && is_live(table, documents[index]);
    }
}

/* Marks the documents of a word in a window of the segment. */
static void
mark_window(const Table *table, Word *word, int32_t start, int32_t end, uint8_t *restrict window)
{
    const int32_t *all = table->documents.view.buf;
    for (Py_ssize_t number = 0; number < word->count; number++) {
        Run *run = &word->runs[number];
        Py_ssize_t first = seek(all, run->at, run->stop, start), last = seek(all, first, run->stop, end);
        run->at = last;
        for (Py_ssize_t posting = first; posting < last; posting++) {
            uint32_t place = place_from(start, all[posting]);
            if (place < WINDOW && occurs(table, posting)) {
                window[place] = 1;
            }
        }
    }
}

/* Tells of each document whether it has the word, and is live. */
static int
mark_holders(const Table *table, Word *word, const int32_t *documents, Py_ssize_t count, uint8_t *restrict mask)
{
    if (is_sparse(count, word)) {
        seek_holders(table, word, documents, count, mask);
        return 0;
    }
    uint8_t *restrict window = calloc(WINDOW, 1);
    if (window == NULL) {
        return NO_MEMORY;
    }
    Py_ssize_t first = 0;
    while (first < count) {
        int32_t start = documents[first] / WINDOW * WINDOW, end = end_of_window(start);
        Py_ssize_t last = seek(documents, first, count, end);
        for (Py_ssize_t index = first; index < last; index++) {
            window[documents[index] - start] = 0;
        }
        mark_window(table, word, start, end, window);
        for (Py_ssize_t index = first; index < last; index++) {
            mask[index] = window[documents[index] - start];
        }
        first = last;
    }
    for (Py_ssize_t index = 0; table->live.size && index < count; index++) {
        mask[index] &= is_live(table, documents[index]);
    }
    free(window);
    return 0;
}

#endif

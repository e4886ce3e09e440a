/* The worth of words in scores. */

#ifndef IMPACTS_H
#define IMPACTS_H

#include "table.h"

/* The worth of one occurrence in a field: by document, or where there is no such array, the same for all. */
typedef struct {
    Array by_document;
    float same;
} Norm;

typedef struct {
    Norm norms[FIELDS];
    float saturation, rarity;
} Scoring;

static inline void
add_frequencies(const Table *table, const Run *run, Py_ssize_t posting, double *sums)
{
    for (int field = 0; field < table->fields; field++) {
        if (table->frequencies[field].size) {
            sums[field] += (float)(int64_t)number_at(&table->frequencies[field], posting) * run->weight;
        }
    }
}

/* The worth of a word for a document, given its frequencies in the fields. */
static inline float
worth_of(const Table *table, const Scoring *scoring, const double *sums, int32_t document)
{
    float total = 0;
    for (int field = 0; field < table->fields; field++) {
        const Norm *norm = &scoring->norms[field];
        float worth = norm->by_document.size ? ((const float *)norm->by_document.view.buf)[document] : norm->same;
        total += (float)sums[field] * worth;
    }
    return scoring->rarity * (total / (scoring->saturation + total));
}

/* The same for a document that does not come before the last one; 0 where it lacks the word. */
static float
seek_worth(const Table *table, Word *word, const Scoring *scoring, int32_t document)
{
    double sums[FIELDS] = {0};
    bool is_there = false;
    for (Py_ssize_t number = 0; number < word->count; number++) {
        Py_ssize_t posting = find_posting(table, &word->runs[number], document);
        if (posting >= 0) {
            add_frequencies(table, &word->runs[number], posting, sums);
            is_there = true;
        }
    }
    return is_there && is_live(table, document) ? worth_of(table, scoring, sums, document) : 0;
}

/* Adds what a word is worth to the totals of the documents that have it. */
static void
add_impacts(const Table *table, Word *word, const Scoring *scoring, const int32_t *documents, Py_ssize_t count,
            float *totals)
{
    for (Py_ssize_t index = 0; index < count; index++) {
        totals[index] += seek_worth(table, word, scoring, documents[index]);
    }
}

/* A word whose impacts on all its holders are known. `at` moves ahead from window to window. */
typedef struct {
    Array holders, impacts;
    float rarity;
    Py_ssize_t at;
} Known;

/* Does the same for words whose impacts are known, in their order. Totals are spread over a window of the segment, in
   which an impact finds that of its document at once. What it adds to other documents there is never read. */
static int
add_known_impacts(Known *words, Py_ssize_t count, const Columns *columns)
{
    const int32_t *documents = columns->documents.view.buf;
    float *totals = columns->numbers.view.buf, *restrict window = calloc(WINDOW, sizeof(float));
    Py_ssize_t first = 0;
    if (window == NULL) {
        return NO_MEMORY;
    }
    while (first < columns->documents.size) {
        int32_t start = documents[first] / WINDOW * WINDOW, end = end_of_window(start);
        Py_ssize_t last = seek(documents, first, columns->documents.size, end);
        for (Py_ssize_t index = first; index < last; index++) {
            window[documents[index] - start] = totals[index];
        }
        for (Known *word = words; word < words + count; word++) {
            const int32_t *holders = word->holders.view.buf;
            const float *impacts = word->impacts.view.buf, rarity = word->rarity;
            Py_ssize_t at = seek(holders, word->at, word->holders.size, start);
            word->at = seek(holders, at, word->holders.size, end);
            for (Py_ssize_t holder = at; holder < word->at; holder++) {
                window[holders[holder] - start] += rarity * impacts[holder];
            }
        }
        for (Py_ssize_t index = first; index < last; index++) {
            totals[index] = window[documents[index] - start];
        }
        first = last;
    }
    free(window);
    return 0;
}

#endif

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

/* The same for a document that does not come before the last one that `moves` the runs to it; 0 where it lacks the
   word. */
static inline float
seek_worth(const Table *table, Word *word, const Scoring *scoring, int32_t document, bool moves)
{
    const int32_t *all = table->documents.view.buf;
    double sums[FIELDS] = {0};
    bool is_there = false;
    for (Run *run = word->runs; run < word->runs + word->count; run++) {
        Py_ssize_t posting = seek(all, run->at, run->stop, document);
        if (posting < run->stop && all[posting] == document) {
            add_frequencies(table, run, posting, sums);
            is_there = true;
        }
        run->at = moves ? posting : run->at;
    }
    return is_there && is_live(table, document) ? worth_of(table, scoring, sums, document) : 0;
}

/* Adds what a word is worth to the totals of the documents that have it. */
static void
add_impacts(const Table *table, Word *word, const Scoring *scoring, const int32_t *documents, Py_ssize_t count,
            float *totals)
{
    for (Py_ssize_t index = 0; index < count; index++) {
        totals[index] += seek_worth(table, word, scoring, documents[index], true);
    }
}

#define BLOCK 64 /* documents of a block, one for each bit of a set */

static inline Py_ssize_t
blocks_of(Py_ssize_t size)
{
    return (size + BLOCK - 1) / BLOCK;
}

/* Adds what the occurrences of a run in a field are worth to the totals of a window. */
static void
add_occurrences(const Table *table, const Run *run, Py_ssize_t stop, int field, const Norm *norm, int32_t start,
                float *totals)
{
    const int32_t *all = table->documents.view.buf;
    const float *norms = norm->by_document.size ? norm->by_document.view.buf : NULL;
    for (Py_ssize_t posting = run->at; posting < stop; posting++) {
        uint32_t place = place_from(start, all[posting]);
        if (place < WINDOW) {
            float frequency = (float)(int64_t)number_at(&table->frequencies[field], posting) * run->weight;
            totals[place] += frequency * (norms ? norms[all[posting]] : norm->same);
        }
    }
}

/* Writes the greatest impact of a word in each block of documents, about: its occurrences are added in another order
   than for scores. */
static int
fill_greatest(const Table *table, Word *word, const Scoring *scoring, float *by_block)
{
    const int32_t *all = table->documents.view.buf;
    float *totals = calloc(WINDOW, sizeof(float));
    if (totals == NULL) {
        return NO_MEMORY;
    }
    for (int64_t start = 0; start < table->size; start += WINDOW) {
        int32_t end = end_of_window((int32_t)start);
        for (Run *run = word->runs; run < word->runs + word->count; run++) {
            run->at = seek(all, run->at, run->stop, (int32_t)start);
            Py_ssize_t stop = seek(all, run->at, run->stop, end);
            for (int field = 0; field < table->fields; field++) {
                if (table->frequencies[field].size) {
                    add_occurrences(table, run, stop, field, &scoring->norms[field], (int32_t)start, totals);
                }
            }
        }
        for (Run *run = word->runs; run < word->runs + word->count; run++) {
            for (; run->at < run->stop && place_from(start, all[run->at]) < WINDOW; run->at++) {
                float *greatest = &by_block[all[run->at] / BLOCK], *total = &totals[all[run->at] - start];
                *greatest = *total > *greatest ? *total : *greatest;
                *total = 0;
            }
        }
    }
    for (Py_ssize_t block = 0; block < blocks_of(table->size); block++) {
        by_block[block] = by_block[block] / (scoring->saturation + by_block[block]);
    }
    free(totals);
    return 0;
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

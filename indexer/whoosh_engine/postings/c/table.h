/* The postings of a segment as a table, and the runs of a word in it. */

#ifndef TABLE_H
#define TABLE_H

#include "arrays.h"

#define FIELDS 4 /* the most fields that a table may have */
#define STEP 1024 /* postings between sums of frequencies that are known */
#define SEEK_COST 16 /* Looking for a document takes as long as going through so many postings. */

typedef struct {
    PyObject_HEAD
    Py_ssize_t size; /* of the segment, in documents */
    Array documents;
    Array frequencies[FIELDS];
    uint64_t *sums[FIELDS]; /* of the frequencies of all postings before every STEP-th */
    Array positions[FIELDS];
    Array live;
    int fields;
    bool is_whole; /* each posting is one of these fields */
} Table;

/* The postings of one form of a word. `at` moves ahead as documents are looked for. Positions lie one after another, as
   many as the frequencies say: those of the posting `counted` begin at `positions`, for each field. */
typedef struct {
    Py_ssize_t start, stop, at, counted;
    float weight;
    uint64_t positions[FIELDS];
} Run;

typedef struct {
    Run *runs;
    Py_ssize_t count;
    Py_ssize_t postings;
} Word;

/* Makes the sums of frequencies; -1 with an error. */
static int
make_sums(Table *table)
{
    for (int field = 0; field < table->fields; field++) {
        const Array *frequencies = &table->frequencies[field];
        Py_ssize_t steps = frequencies->size / STEP;
        uint64_t *sums = table->sums[field] = calloc(steps + 1, sizeof(uint64_t));
        if (sums == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        for (Py_ssize_t step = 0; step < steps; step++) {
            sums[step + 1] = sums[step] + sum_of(frequencies, step * STEP, (step + 1) * STEP);
        }
    }
    return 0;
}

/* The sum of the frequencies in a field from one posting on, until another. */
static uint64_t
sum_between(const Table *table, int field, Py_ssize_t start, Py_ssize_t stop)
{
    const Array *frequencies = &table->frequencies[field];
    Py_ssize_t first = (start + STEP - 1) / STEP, last = stop / STEP;
    if (first >= last) {
        return sum_of(frequencies, start, stop);
    }
    uint64_t between = table->sums[field][last] - table->sums[field][first];
    return sum_of(frequencies, start, first * STEP) + between + sum_of(frequencies, last * STEP, stop);
}

static int
read_run(const Table *table, PyObject *source, Run *run)
{
    PyObject *positions;
    double weight;
    if (!PyTuple_Check(source)) {
        PyErr_SetString(PyExc_TypeError, "a run is a tuple");
        return -1;
    }
    if (!PyArg_ParseTuple(source, "nndO!", &run->start, &run->stop, &weight, &PyTuple_Type, &positions)) {
        return -1;
    }
    if (run->start < 0 || run->start > run->stop || run->stop > table->documents.size ||
        PyTuple_Size(positions) != table->fields) {
        PyErr_SetString(PyExc_IndexError, "a run is not in the table");
        return -1;
    }
    run->weight = (float)weight;
    run->at = run->counted = run->start;
    for (int field = 0; field < table->fields; field++) {
        Py_ssize_t first = PyLong_AsSsize_t(PyTuple_GetItem(positions, field));
        if (first < 0) {
            if (!PyErr_Occurred()) {
                PyErr_SetString(PyExc_IndexError, "a position is not in the table");
            }
            return -1;
        }
        run->positions[field] = (uint64_t)first;
    }
    return 0;
}

/* Reads a tuple of runs, which `close_word` frees; -1 with an error. */
static int
open_word(const Table *table, PyObject *runs, Word *word)
{
    memset(word, 0, sizeof *word);
    if (!PyTuple_Check(runs)) {
        PyErr_SetString(PyExc_TypeError, "a word is a tuple of runs");
        return -1;
    }
    word->count = PyTuple_Size(runs);
    word->runs = calloc(word->count + 1, sizeof(Run));
    if (word->runs == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t number = 0; number < word->count; number++) {
        Run *run = &word->runs[number];
        if (read_run(table, PyTuple_GetItem(runs, number), run) < 0) {
            free(word->runs);
            word->runs = NULL;
            return -1;
        }
        word->postings += run->stop - run->start;
    }
    return 0;
}

/* Begins again with the first documents of a word, whose positions were not counted. */
static void
rewind_word(Word *word)
{
    for (Run *run = word->runs; run < word->runs + word->count; run++) {
        run->at = run->start;
    }
}

static void
close_word(Word *word)
{
    free(word->runs);
}

/* Looks for a document that does not come before the last one. Returns its posting, or -1. */
static inline Py_ssize_t
find_posting(const Table *table, Run *run, int32_t document)
{
    const int32_t *all = table->documents.view.buf;
    run->at = seek(all, run->at, run->stop, document);
    return run->at < run->stop && all[run->at] == document ? run->at : -1;
}

static inline bool
is_live(const Table *table, int32_t document)
{
    return table->live.size == 0 || ((const uint8_t *)table->live.view.buf)[document];
}

/* True if one of the fields has the word of this posting. */
static inline bool
occurs(const Table *table, Py_ssize_t posting)
{
    if (table->is_whole) {
        return true;
    }
    for (int field = 0; field < table->fields; field++) {
        if (table->frequencies[field].size && number_at(&table->frequencies[field], posting)) {
            return true;
        }
    }
    return false;
}

/* True where looking for each of so many documents takes less time than going through all postings of the word. */
static inline bool
is_sparse(Py_ssize_t documents, const Word *word)
{
    return documents * SEEK_COST < word->postings;
}

#endif

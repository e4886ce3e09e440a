/* The inner loops of a search over the postings of one segment. The tables of methods, at the end, say what each does.

   NumPy does all of this as well, in `words.py`, and both give the same numbers to the last bit: frequencies
   are added in double and rounded once, norms are multiplied and added in float, and the compiler must not fuse a
   product with a sum (see `pyproject.toml`).

   Memory is safe whatever an index holds, as long as nobody writes into an array meanwhile: documents are compared with
   the size of the segment when a table is made, and positions with their array when they are read. Long loops let other
   threads run. */

#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS 4     /* the most fields that a table may have */
#define SEEK_COST 16 /* Looking for a document takes as long as going through so many postings. */
#define WINDOW 16384 /* documents, for each of which a window has a number: not more than fit into a near cache */

#define MANY 100000  /* numbers, for which a loop takes about a quarter of a millisecond */

/* The problems of loops, which cannot raise errors. */
#define NO_MEMORY (-1)
#define NO_POSITIONS (-2)

/* Lets other threads run during a loop over so many numbers, if they are many: a short loop that did so would wait for
   the turn of another thread, some milliseconds, to take some microseconds. */
static PyThreadState *
let_others_run(Py_ssize_t numbers)
{
    return numbers > MANY ? PyEval_SaveThread() : NULL;
}

static void
run_alone(PyThreadState *state)
{
    if (state != NULL) {
        PyEval_RestoreThread(state);
    }
}

static PyObject *
result_of(int problem)
{
    if (problem == NO_MEMORY) {
        return PyErr_NoMemory();
    }
    if (problem == NO_POSITIONS) {
        PyErr_SetString(PyExc_IndexError, "a posting has positions that are not in the table");
        return NULL;
    }
    return Py_NewRef(Py_None);
}

/* ------------------------------------------------------------------------------------------------ Arrays of numbers */

/* An array from Python; `size` is 0 where there is none. */
typedef struct {
    Py_buffer view;
    Py_ssize_t size;
} Array;

/* The types of arrays, by the letters of the module `struct`. */
#define INTEGERS "bBhHiIlLqQ"
#define DOCUMENTS "i" /* int32 */
#define SCORES "f"    /* float32 */
#define MASK "?"      /* bool */

static void
close_array(Array *array)
{
    if (array->view.obj != NULL) {
        PyBuffer_Release(&array->view);
    }
}

/* Opens an array of one of some types; -1 with an error for anything else. */
static int
open_array(PyObject *object, Array *array, const char *types, bool is_written, const char *name)
{
    int flags = PyBUF_ND | PyBUF_FORMAT | (is_written ? PyBUF_WRITABLE : 0);
    memset(array, 0, sizeof *array);
    if (PyObject_GetBuffer(object, &array->view, flags) < 0) {
        return -1;
    }
    const char *format = array->view.format ? array->view.format : "B";
    if (strlen(format) != 1 || strchr(types, format[0]) == NULL) {
        PyErr_Format(PyExc_TypeError, "%s: an array of type %s, and not one of %s", name, format, types);
    }
    else if (array->view.ndim != 1) {
        PyErr_Format(PyExc_TypeError, "%s: an array of %d dimensions, and not of one", name, array->view.ndim);
    }
    if (PyErr_Occurred()) {
        close_array(array);
        memset(array, 0, sizeof *array);
        return -1;
    }
    array->size = array->view.shape[0];
    return 0;
}

/* The same for an array that may be None. */
static int
open_optional(PyObject *object, Array *array, const char *types, const char *name)
{
    memset(array, 0, sizeof *array);
    return object == Py_None ? 0 : open_array(object, array, types, false, name);
}

/* A number of an array of integers, none of which is negative. */
static inline uint64_t
number_at(const Array *array, Py_ssize_t index)
{
    const void *numbers = array->view.buf;
    switch (array->view.itemsize) {
    case 1:
        return ((const uint8_t *)numbers)[index];
    case 2:
        return ((const uint16_t *)numbers)[index];
    case 4:
        return ((const uint32_t *)numbers)[index];
    default:
        return ((const uint64_t *)numbers)[index];
    }
}

static uint64_t
sum_of(const Array *array, Py_ssize_t start, Py_ssize_t stop)
{
    uint64_t sum = 0;
    if (array->view.itemsize == 1) { /* as nearly always: a loop that the compiler turns into few instructions */
        const uint8_t *numbers = array->view.buf;
        for (Py_ssize_t index = start; index < stop; index++) {
            sum += numbers[index];
        }
        return sum;
    }
    for (Py_ssize_t index = start; index < stop; index++) {
        sum += number_at(array, index);
    }
    return sum;
}

/* The index of the first of some ascending numbers, from `at` on, that is not below `sought`. */
static inline Py_ssize_t
seek(const int32_t *numbers, Py_ssize_t at, Py_ssize_t stop, int32_t sought)
{
    if (at >= stop || numbers[at] >= sought) {
        return at;
    }
    Py_ssize_t step = 1;
    at++;
    while (at + step < stop && numbers[at + step] < sought) {
        at += step;
        step *= 2;
    }
    Py_ssize_t length = at + step < stop ? step : stop - at;
    while (length > 0) { /* no branch depends on the numbers, which nobody could foresee */
        Py_ssize_t half = length / 2;
        bool is_below = numbers[at + half] < sought;
        at = is_below ? at + half + 1 : at;
        length = is_below ? length - half - 1 : half;
    }
    return at;
}

/* The first document behind a window; at the end of all numbers the last of these, which no segment has. */
static inline int32_t
end_of_window(int32_t start)
{
    return start > INT32_MAX - WINDOW ? INT32_MAX : start + WINDOW;
}

/* -1 with an error for a number of documents that no segment has. */
static int
check_size(Py_ssize_t size)
{
    if (size < 0 || size > INT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "no segment has so many documents");
        return -1;
    }
    return 0;
}

/* -1 with an error where a document is negative, or not below `size`. */
static int
check_documents(const Array *documents, Py_ssize_t size)
{
    const int32_t *numbers = documents->view.buf;
    uint32_t most = 0;
    for (Py_ssize_t index = 0; index < documents->size; index++) {
        most = (uint32_t)numbers[index] > most ? (uint32_t)numbers[index] : most;
    }
    if (documents->size && most >= (uint32_t)size) {
        PyErr_SetString(PyExc_IndexError, "a document is not in the segment");
        return -1;
    }
    return 0;
}

/* The same for documents that have to ascend. */
static int
check_ascending(const Array *documents, Py_ssize_t size)
{
    const int32_t *numbers = documents->view.buf;
    bool ascend = true;
    for (Py_ssize_t index = 1; index < documents->size; index++) {
        ascend &= numbers[index - 1] < numbers[index];
    }
    if (!ascend) {
        PyErr_SetString(PyExc_ValueError, "documents do not ascend");
        return -1;
    }
    return check_documents(documents, size);
}

/* Some ascending documents, and an array with a number for each. */
typedef struct {
    Array documents;
    Array numbers;
} Columns;

static void
close_columns(Columns *columns)
{
    close_array(&columns->documents);
    close_array(&columns->numbers);
}

static int
open_columns(Py_ssize_t size, PyObject *documents, PyObject *numbers, const char *type, Columns *columns)
{
    memset(columns, 0, sizeof *columns);
    if (open_array(documents, &columns->documents, DOCUMENTS, false, "documents") < 0) {
        return -1;
    }
    if (open_array(numbers, &columns->numbers, type, true, "the array to write") == 0) {
        if (columns->numbers.size != columns->documents.size) {
            PyErr_SetString(PyExc_ValueError, "there is not one number for each document");
        }
        else if (check_ascending(&columns->documents, size) == 0) {
            return 0;
        }
    }
    close_columns(columns);
    return -1;
}

/* ---------------------------------------------------------------------------------- Sets of documents, a bit for each */

static uint64_t *
new_set(Py_ssize_t size)
{
    return calloc(size / 64 + 1, sizeof(uint64_t));
}

static inline bool
is_in(const uint64_t *set, int32_t document)
{
    return set[document >> 6] >> (document & 63) & 1;
}

static inline void
add_document(uint64_t *set, int32_t document)
{
    set[document >> 6] |= (uint64_t)1 << (document & 63);
}

static void
add_documents(uint64_t *set, const int32_t *documents, Py_ssize_t count)
{
    for (Py_ssize_t index = 0; index < count; index++) {
        add_document(set, documents[index]);
    }
}

/* The documents of a set, ascending. Returns their number; -1 where there is no room for one. */
static Py_ssize_t
list_documents(const uint64_t *set, Py_ssize_t size, int32_t *documents, Py_ssize_t room)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t place = 0; place <= size / 64; place++) {
        for (uint64_t left = set[place]; left; left &= left - 1) {
            if (count == room) {
                return -1;
            }
            documents[count++] = (int32_t)(place * 64 + __builtin_ctzll(left));
        }
    }
    return count;
}

/* ----------------------------------------------------------------------------------- A table, and a word's runs in it */

typedef struct {
    PyObject_HEAD
    Py_ssize_t size; /* of the segment, in documents */
    Array documents;
    Array frequencies[FIELDS];
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
            return -1;
        }
        word->postings += run->stop - run->start;
    }
    return 0;
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

/* --------------------------------------------------------------------------------------- Which documents have a word */

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
            uint32_t place = (uint32_t)(all[posting] - start);
            if (place < WINDOW && occurs(table, posting)) { /* a damaged index may have any order of documents */
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

/* ------------------------------------------------------------------------------------------- What a word adds to scores */

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

/* -------------------------------------------------------------------------------------------------- Where words stand */

/* The positions of a word in one field of a document, ascending. `at` moves ahead as they are looked for. */
typedef struct {
    uint64_t *positions;
    Py_ssize_t count, room, at;
} Positions;

/* Merges the positions of one more form of the word, which ascend as well. */
static int
merge_positions(const Array *source, uint64_t start, uint64_t added, Positions *positions)
{
    if (start > (uint64_t)source->size || added > (uint64_t)source->size - start) {
        return NO_POSITIONS;
    }
    Py_ssize_t needed = positions->count + (Py_ssize_t)added;
    if (needed > positions->room) {
        uint64_t *larger = realloc(positions->positions, 2 * (size_t)needed * sizeof(uint64_t));
        if (larger == NULL) {
            return NO_MEMORY;
        }
        positions->positions = larger;
        positions->room = 2 * needed;
    }
    Py_ssize_t before = positions->count, place = needed;
    for (Py_ssize_t left = (Py_ssize_t)added; left > 0;) { /* from behind, so that nothing is overwritten too early */
        uint64_t position = number_at(source, (Py_ssize_t)start + left - 1);
        if (before > 0 && positions->positions[before - 1] > position) {
            positions->positions[--place] = positions->positions[--before];
        }
        else {
            positions->positions[--place] = position;
            left--;
        }
    }
    positions->count = needed;
    return 0;
}

/* Finds the positions of a word in each field of a document that does not come before the last one. Returns the number
   of its forms there, or a problem. */
static int
find_positions(const Table *table, Word *word, int32_t document, Positions *by_field)
{
    int forms = 0;
    for (int field = 0; field < table->fields; field++) {
        by_field[field].count = by_field[field].at = 0;
    }
    for (Py_ssize_t number = 0; number < word->count; number++) {
        Run *run = &word->runs[number];
        Py_ssize_t posting = find_posting(table, run, document);
        if (posting < 0) {
            continue;
        }
        forms++;
        for (int field = 0; field < table->fields; field++) {
            const Array *frequencies = &table->frequencies[field];
            if (!frequencies->size) {
                continue;
            }
            run->positions[field] += sum_of(frequencies, run->counted, posting);
            uint64_t added = number_at(frequencies, posting);
            int problem = merge_positions(&table->positions[field], run->positions[field], added, &by_field[field]);
            if (problem) {
                return problem;
            }
        }
        run->counted = posting;
    }
    return forms;
}

/* The number of positions in `firsts` with one of `seconds` at most `gap` steps behind. */
static Py_ssize_t
count_followed(const Positions *firsts, const Positions *seconds, uint64_t gap)
{
    Py_ssize_t count = 0, at = 0;
    for (Py_ssize_t index = 0; index < firsts->count; index++) {
        while (at < seconds->count && seconds->positions[at] <= firsts->positions[index]) {
            at++;
        }
        if (at == seconds->count) {
            break;
        }
        count += seconds->positions[at] - firsts->positions[index] <= gap;
    }
    return count;
}

/* What a pair in a field counts, and the most steps between its words. */
typedef struct {
    double weights[FIELDS];
    uint64_t gap;
} Nearness;

/* Writes how often the second word follows the first in each document. */
static int
count_near(const Table *table, Word *first, Word *second, const Nearness *nearness, const int32_t *documents,
           Py_ssize_t count, float *frequencies)
{
    Positions firsts[FIELDS] = {{0}}, seconds[FIELDS] = {{0}};
    int forms = 0;
    for (Py_ssize_t index = 0; index < count && forms >= 0; index++) {
        double sum = 0;
        forms = find_positions(table, first, documents[index], firsts);
        if (forms > 0) {
            forms = find_positions(table, second, documents[index], seconds);
        }
        for (int field = 0; field < table->fields && forms > 0; field++) {
            sum += nearness->weights[field] * count_followed(&firsts[field], &seconds[field], nearness->gap);
        }
        frequencies[index] = (float)sum;
    }
    for (int field = 0; field < FIELDS; field++) {
        free(firsts[field].positions);
        free(seconds[field].positions);
    }
    return forms < 0 ? forms : 0;
}

/* True if a position of the first word has one of each other word so many steps behind it as the word comes later. */
static bool
stand_in_order(Positions *by_word, Py_ssize_t words)
{
    for (Py_ssize_t index = 0; index < by_word[0].count; index++) {
        Py_ssize_t word = 1;
        for (; word < words; word++) {
            Positions *other = &by_word[word];
            uint64_t sought = by_word[0].positions[index] + (uint64_t)word;
            while (other->at < other->count && other->positions[other->at] < sought) {
                other->at++;
            }
            if (other->at == other->count || other->positions[other->at] != sought) {
                break;
            }
        }
        if (word == words) {
            return true;
        }
    }
    return false;
}

/* `positions` has, for each field, those of all words. */
static int
mark_phrases(const Table *table, Word *words, Py_ssize_t count, Positions *positions, const int32_t *documents,
             Py_ssize_t length, uint8_t *mask)
{
    for (Py_ssize_t index = 0; index < length; index++) {
        Py_ssize_t number = 0;
        for (; number < count; number++) {
            Positions by_field[FIELDS];
            for (int field = 0; field < table->fields; field++) {
                by_field[field] = positions[field * count + number];
            }
            int forms = find_positions(table, &words[number], documents[index], by_field);
            for (int field = 0; field < table->fields; field++) {
                positions[field * count + number] = by_field[field];
            }
            if (forms < 0) {
                return forms;
            }
            if (forms == 0) {
                break;
            }
        }
        mask[index] = false;
        for (int field = 0; number == count && field < table->fields; field++) {
            mask[index] |= stand_in_order(&positions[field * count], count);
        }
    }
    return 0;
}

/* ------------------------------------------------------------------------------------------- The methods of a table */

static PyObject *
Table_holders(Table *table, PyObject *arguments)
{
    PyObject *runs, *documents, *mask;
    Columns columns;
    Word word;
    int problem;
    if (!PyArg_ParseTuple(arguments, "OOO", &runs, &documents, &mask) ||
        open_columns(table->size, documents, mask, MASK, &columns) < 0) {
        return NULL;
    }
    if (open_word(table, runs, &word) < 0) {
        close_columns(&columns);
        return NULL;
    }
    PyThreadState *state = let_others_run(columns.documents.size + word.postings);
    problem = mark_holders(table, &word, columns.documents.view.buf, columns.documents.size, columns.numbers.view.buf);
    run_alone(state);
    close_word(&word);
    close_columns(&columns);
    return result_of(problem);
}

static void
close_norms(Scoring *scoring)
{
    for (int field = 0; field < FIELDS; field++) {
        close_array(&scoring->norms[field].by_document);
    }
}

/* Opens the norms of all fields, which `close_norms` closes in any case. */
static int
open_norms(const Table *table, PyObject *source, Scoring *scoring)
{
    memset(scoring->norms, 0, sizeof scoring->norms);
    if (!PyTuple_Check(source) || PyTuple_Size(source) != table->fields) {
        PyErr_SetString(PyExc_TypeError, "the norms are a tuple, with one for each field");
        return -1;
    }
    for (int field = 0; field < table->fields; field++) {
        PyObject *object = PyTuple_GetItem(source, field);
        Norm *norm = &scoring->norms[field];
        if (PyFloat_Check(object)) {
            norm->same = (float)PyFloat_AsDouble(object);
            continue;
        }
        if (open_array(object, &norm->by_document, SCORES, false, "norms") < 0) {
            return -1;
        }
        if (norm->by_document.size < table->size) {
            PyErr_SetString(PyExc_ValueError, "there is not one norm for each document");
            return -1;
        }
    }
    return 0;
}

static PyObject *
Table_add_impacts(Table *table, PyObject *arguments)
{
    PyObject *runs, *documents, *totals, *norms;
    double saturation, rarity;
    Scoring scoring;
    Columns columns;
    Word word;
    if (!PyArg_ParseTuple(arguments, "OOOOdd", &runs, &documents, &totals, &norms, &saturation, &rarity) ||
        open_columns(table->size, documents, totals, SCORES, &columns) < 0) {
        return NULL;
    }
    scoring.saturation = (float)saturation;
    scoring.rarity = (float)rarity;
    bool is_open = open_norms(table, norms, &scoring) == 0 && open_word(table, runs, &word) == 0;
    if (is_open) {
        PyThreadState *state = let_others_run(columns.documents.size + word.postings);
        add_impacts(table, &word, &scoring, columns.documents.view.buf, columns.documents.size,
                    columns.numbers.view.buf);
        run_alone(state);
        close_word(&word);
    }
    close_norms(&scoring);
    close_columns(&columns);
    return is_open ? Py_NewRef(Py_None) : NULL;
}

static PyObject *
Table_near(Table *table, PyObject *arguments)
{
    PyObject *first_runs, *second_runs, *documents, *frequencies, *weights;
    Nearness nearness = {{0}, 0};
    Py_ssize_t gap;
    Columns columns;
    Word first, second;
    int problem = -1;
    if (!PyArg_ParseTuple(arguments, "OOOOnO!", &first_runs, &second_runs, &documents, &frequencies, &gap,
                          &PyTuple_Type, &weights)) {
        return NULL;
    }
    if (PyTuple_Size(weights) != table->fields) {
        PyErr_SetString(PyExc_TypeError, "there is not one weight for each field");
        return NULL;
    }
    if (gap < 0) {
        PyErr_SetString(PyExc_ValueError, "the second word comes behind the first");
        return NULL;
    }
    nearness.gap = (uint64_t)gap;
    for (int field = 0; field < table->fields && !PyErr_Occurred(); field++) {
        nearness.weights[field] = PyFloat_AsDouble(PyTuple_GetItem(weights, field));
    }
    if (PyErr_Occurred() || open_columns(table->size, documents, frequencies, SCORES, &columns) < 0) {
        return NULL;
    }
    bool is_open = open_word(table, first_runs, &first) == 0;
    if (is_open && open_word(table, second_runs, &second) < 0) {
        close_word(&first);
        is_open = false;
    }
    if (is_open) {
        PyThreadState *state = let_others_run(columns.documents.size + first.postings + second.postings);
        problem = count_near(table, &first, &second, &nearness, columns.documents.view.buf, columns.documents.size,
                             columns.numbers.view.buf);
        run_alone(state);
        close_word(&second);
        close_word(&first);
    }
    close_columns(&columns);
    return is_open ? result_of(problem) : NULL;
}

static PyObject *
Table_phrases(Table *table, PyObject *arguments)
{
    PyObject *all_runs, *documents, *mask;
    Columns columns;
    int problem = NO_MEMORY;
    if (!PyArg_ParseTuple(arguments, "O!OO", &PyTuple_Type, &all_runs, &documents, &mask) ||
        open_columns(table->size, documents, mask, MASK, &columns) < 0) {
        return NULL;
    }
    Py_ssize_t count = PyTuple_Size(all_runs), opened = 0;
    Word *words = calloc(count + 1, sizeof(Word));
    Positions *positions = calloc(count * FIELDS + 1, sizeof(Positions));
    if (words != NULL && positions != NULL) {
        while (opened < count && open_word(table, PyTuple_GetItem(all_runs, opened), &words[opened]) == 0) {
            opened++;
        }
        if (opened == count) {
            PyThreadState *state = let_others_run(count * columns.documents.size);
            problem = mark_phrases(table, words, count, positions, columns.documents.view.buf, columns.documents.size,
                                   columns.numbers.view.buf);
            run_alone(state);
        }
        for (Py_ssize_t number = 0; number < opened; number++) {
            close_word(&words[number]);
        }
        for (Py_ssize_t place = 0; place < count * FIELDS; place++) {
            free(positions[place].positions);
        }
    }
    free(positions);
    free(words);
    close_columns(&columns);
    return PyErr_Occurred() ? NULL : result_of(problem);
}

/* ------------------------------------------------------------------------------------------ The functions of the module */

static void
close_known(Known *words, Py_ssize_t count)
{
    for (Py_ssize_t number = 0; words != NULL && number < count; number++) {
        close_array(&words[number].impacts);
        close_array(&words[number].holders);
    }
    free(words);
}

static int
read_known(PyObject *source, Py_ssize_t size, Known *word)
{
    PyObject *holders, *impacts;
    if (!PyTuple_Check(source)) {
        PyErr_SetString(PyExc_TypeError, "a known word is a tuple");
        return -1;
    }
    if (!PyArg_ParseTuple(source, "OOf", &holders, &impacts, &word->rarity) ||
        open_array(holders, &word->holders, DOCUMENTS, false, "holders") < 0 ||
        open_array(impacts, &word->impacts, SCORES, false, "impacts") < 0) {
        return -1;
    }
    if (word->impacts.size != word->holders.size) {
        PyErr_SetString(PyExc_ValueError, "there is not one impact for each holder");
        return -1;
    }
    return check_ascending(&word->holders, size);
}

static PyObject *
add_known(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *sources, *documents, *totals;
    Py_ssize_t size;
    Columns columns;
    int problem = NO_MEMORY;
    if (!PyArg_ParseTuple(arguments, "O!OOn", &PyTuple_Type, &sources, &documents, &totals, &size) ||
        check_size(size) < 0 || open_columns(size, documents, totals, SCORES, &columns) < 0) {
        return NULL;
    }
    Py_ssize_t count = PyTuple_Size(sources), opened = 0;
    Known *words = calloc(count + 1, sizeof(Known));
    if (words != NULL) {
        while (opened < count && read_known(PyTuple_GetItem(sources, opened), size, &words[opened]) == 0) {
            opened++;
        }
        if (opened == count) {
            PyThreadState *state = let_others_run(count * columns.documents.size);
            problem = add_known_impacts(words, count, &columns);
            run_alone(state);
        }
    }
    close_known(words, count);
    close_columns(&columns);
    return PyErr_Occurred() ? NULL : result_of(problem);
}

/* Opens all lists, which `close_lists` closes in any case. Returns the number of their documents, -1 with an error. */
static Py_ssize_t
open_lists(PyObject *sources, Py_ssize_t size, Array *lists)
{
    Py_ssize_t documents = 0;
    for (Py_ssize_t number = 0; number < PyTuple_Size(sources); number++) {
        if (open_array(PyTuple_GetItem(sources, number), &lists[number], DOCUMENTS, false, "a list") < 0 ||
            check_documents(&lists[number], size) < 0) {
            return -1;
        }
        documents += lists[number].size;
    }
    return documents;
}

static void
close_lists(Array *lists, Py_ssize_t count)
{
    for (Py_ssize_t number = 0; number < count; number++) {
        close_array(&lists[number]);
    }
    free(lists);
}

/* Returns the number of documents, or -1 where there is no room for one, or NO_MEMORY - 1 where there is no memory. */
static Py_ssize_t
unite(const Array *lists, Py_ssize_t count, Py_ssize_t size, Array *documents)
{
    uint64_t *set = new_set(size);
    if (set == NULL) {
        return NO_MEMORY - 1;
    }
    for (Py_ssize_t number = 0; number < count; number++) {
        add_documents(set, lists[number].view.buf, lists[number].size);
    }
    Py_ssize_t united = list_documents(set, size, documents->view.buf, documents->size);
    free(set);
    return united;
}

static PyObject *
union_of(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *sources, *target;
    Py_ssize_t size, united = NO_MEMORY - 1;
    Array documents;
    if (!PyArg_ParseTuple(arguments, "O!nO", &PyTuple_Type, &sources, &size, &target) || check_size(size) < 0 ||
        open_array(target, &documents, DOCUMENTS, true, "the union") < 0) {
        return NULL;
    }
    Py_ssize_t count = PyTuple_Size(sources);
    Array *lists = calloc(count + 1, sizeof(Array));
    Py_ssize_t all = lists == NULL ? -1 : open_lists(sources, size, lists);
    if (all >= 0) {
        PyThreadState *state = let_others_run(all);
        united = unite(lists, count, size, &documents);
        run_alone(state);
    }
    if (lists != NULL) {
        close_lists(lists, count);
    }
    close_array(&documents);
    if (PyErr_Occurred()) {
        return NULL;
    }
    if (united < -1) {
        return PyErr_NoMemory();
    }
    if (united < 0) {
        PyErr_SetString(PyExc_ValueError, "there is no room for all documents");
        return NULL;
    }
    return PyLong_FromSsize_t(united);
}

/* ---------------------------------------------------------------------------------------------- The type and the module */

static int
open_fields(Table *table, PyObject *fields)
{
    if (PyTuple_Size(fields) > FIELDS) {
        PyErr_Format(PyExc_ValueError, "a table has %d fields at the most", FIELDS);
        return -1;
    }
    table->fields = (int)PyTuple_Size(fields);
    for (int field = 0; field < table->fields; field++) {
        PyObject *frequencies, *positions;
        if (!PyTuple_Check(PyTuple_GetItem(fields, field))) {
            PyErr_SetString(PyExc_TypeError, "a field is a tuple");
            return -1;
        }
        if (!PyArg_ParseTuple(PyTuple_GetItem(fields, field), "OO", &frequencies, &positions) ||
            open_optional(frequencies, &table->frequencies[field], INTEGERS, "frequencies") < 0 ||
            open_optional(positions, &table->positions[field], INTEGERS, "positions") < 0) {
            return -1;
        }
        if (table->frequencies[field].size && table->frequencies[field].size != table->documents.size) {
            PyErr_SetString(PyExc_ValueError, "there is not one frequency for each posting");
            return -1;
        }
    }
    return 0;
}

static void
clear_table(Table *table)
{
    close_array(&table->documents);
    close_array(&table->live);
    for (int field = 0; field < FIELDS; field++) {
        close_array(&table->frequencies[field]);
        close_array(&table->positions[field]);
    }
    memset(&table->size, 0, sizeof *table - offsetof(Table, size));
}

static int
open_table(Table *table, PyObject *arguments)
{
    PyObject *documents, *fields, *live;
    int is_whole;
    if (!PyArg_ParseTuple(arguments, "nOO!Op", &table->size, &documents, &PyTuple_Type, &fields, &live, &is_whole) ||
        check_size(table->size) < 0 || open_array(documents, &table->documents, DOCUMENTS, false, "documents") < 0 ||
        check_documents(&table->documents, table->size) < 0 || open_fields(table, fields) < 0 ||
        open_optional(live, &table->live, MASK, "live") < 0) {
        return -1;
    }
    if (table->live.size && table->live.size < table->size) {
        PyErr_SetString(PyExc_ValueError, "there is not one truth for each document");
        return -1;
    }
    table->is_whole = is_whole;
    return 0;
}

static int
Table_init(Table *table, PyObject *arguments, PyObject *keywords)
{
    if (table->documents.view.obj != NULL) {
        PyErr_SetString(PyExc_RuntimeError, "a table is made once");
        return -1;
    }
    if (keywords != NULL && PyDict_Size(keywords)) {
        PyErr_SetString(PyExc_TypeError, "a table takes no keywords");
        return -1;
    }
    if (open_table(table, arguments) < 0) {
        clear_table(table);
        return -1;
    }
    return 0;
}

static void
Table_dealloc(Table *table)
{
    PyTypeObject *type = Py_TYPE((PyObject *)table);
    freefunc free_object = PyType_GetSlot(type, Py_tp_free);
    clear_table(table);
    free_object(table);
    Py_DECREF(type);
}

static PyMethodDef Table_methods[] = {
    {"holders", (PyCFunction)Table_holders, METH_VARARGS,
     PyDoc_STR("holders(word, documents, mask)\n\n"
               "Set `mask` for each document: whether it is live and has the word in one of the fields.")},
    {"phrases", (PyCFunction)Table_phrases, METH_VARARGS,
     PyDoc_STR("phrases(words, documents, mask)\n\n"
               "Set `mask` for each document: whether the words stand in order in one of the fields.")},
    {"add_impacts", (PyCFunction)Table_add_impacts, METH_VARARGS,
     PyDoc_STR("add_impacts(word, documents, totals, norms, saturation, rarity)\n\n"
               "Look for each document, and add `rarity` times the impact of the word to its total.\n\n"
               "A norm is the worth of one occurrence in a field: an array, by document, or a number for all.")},
    {"near", (PyCFunction)Table_near, METH_VARARGS,
     PyDoc_STR("near(first, second, documents, frequencies, gap, weights)\n\n"
               "Write for each document how often the second word follows the first in at most `gap` steps.\n\n"
               "Each time counts the weight of its field.")},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot Table_slots[] = {
    {Py_tp_doc, "Table(size, documents, fields, live, is_whole)\n\n"
                "The postings of all terms in up to four fields of a segment with `size` documents.\n\n"
                "`documents` has those of all postings; a field is a pair of frequencies and positions, which are None\n"
                "where no document has a term in it. `live` is a mask of documents, None where none is deleted;\n"
                "`is_whole` is true where each posting is one of these fields.\n\n"
                "In the methods, a word is a tuple of runs, and documents ascend. They raise TypeError for arrays of\n"
                "another type, ValueError for arrays of another length and for documents that do not ascend, and IndexError\n"
                "for what is not in the table."},
    {Py_tp_init, Table_init},
    {Py_tp_dealloc, Table_dealloc},
    {Py_tp_methods, Table_methods},
    {0, NULL},
};

static PyType_Spec Table_spec = {
    .name = "indexer.whoosh_engine.postings.loops.Table",
    .basicsize = sizeof(Table),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = Table_slots,
};

static int
add_type(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&Table_spec);
    if (type == NULL) {
        return -1;
    }
    int problem = PyModule_AddObjectRef(module, "Table", type);
    Py_DECREF(type);
    return problem;
}

static PyMethodDef functions[] = {
    {"add_known", add_known, METH_VARARGS,
     PyDoc_STR("add_known(words, documents, totals, size)\n\n"
               "Add `rarity` times its impact to the totals of those documents that are among the holders of a word.\n\n"
               "A word is a tuple of holders, their impacts, and rarity. Words are added one after another.\n\n"
               "Raises ValueError for documents or holders that do not ascend, and IndexError for those that are not\n"
               "below `size`.")},
    {"union", union_of, METH_VARARGS,
     PyDoc_STR("union(lists, size, documents)\n\n"
               "Write the documents of all lists into `documents`, each once, ascending, and return their number.\n\n"
               "Raises IndexError for documents that are not below `size`, and ValueError where there is no room.")},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, add_type},
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "loops",
    .m_methods = functions,
    .m_slots = slots,
};

PyMODINIT_FUNC
PyInit_loops(void)
{
    return PyModuleDef_Init(&definition);
}

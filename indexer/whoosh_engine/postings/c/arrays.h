/* Arrays of numbers that Python hands over, checked as they are opened. */

#ifndef ARRAYS_H
#define ARRAYS_H

#include "work.h"

/* An array from Python; `size` is 0 where there is none. */
typedef struct {
    Py_buffer view;
    Py_ssize_t size;
} Array;

/* The types of arrays, by the letters of the module `struct`. */
#define INTEGERS "bBhHiIlLqQ"
#define DOCUMENTS "i" /* int32 */
#define SCORES "f"    /* float32 */
#define STEPS "B"     /* uint8 */
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

/* A window of the segment has a number for each of so many documents: not more than fit into a near cache. */
#define WINDOW 16384

/* The first document behind a window; at the end of all numbers the last of these, which no segment has. */
static inline int32_t
end_of_window(int32_t start)
{
    return start > INT32_MAX - WINDOW ? INT32_MAX : start + WINDOW;
}

/* How far a document is behind the first of a window; more than any window has where it comes before it, as in a damaged
   index, which may have any order of documents. */
static inline uint32_t
place_from(int32_t start, int32_t document)
{
    return (uint32_t)document - (uint32_t)start;
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

/* The same for documents that have to ascend: the first and the last then tell of all. */
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
    if (documents->size && (numbers[0] < 0 || numbers[documents->size - 1] >= size)) {
        PyErr_SetString(PyExc_IndexError, "a document is not in the segment");
        return -1;
    }
    return 0;
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

#endif

/* The norms of a word's fields, as Python hands them over. */

#ifndef NORMS_H
#define NORMS_H

#include "impacts.h"

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

#endif

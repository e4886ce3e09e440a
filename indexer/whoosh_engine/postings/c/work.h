/* The frame of a loop: other threads that run meanwhile, and problems. */

#ifndef WORK_H
#define WORK_H

#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MANY 100000 /* numbers, for which a loop takes about a quarter of a millisecond */

/* The problems of loops, which cannot raise errors. */
#define NO_MEMORY (-1)
#define NO_POSITIONS (-2)
#define NO_ROOM (-3)

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
    if (problem == NO_ROOM) {
        PyErr_SetString(PyExc_ValueError, "there is no room for all documents");
        return NULL;
    }
    return Py_NewRef(Py_None);
}

#endif

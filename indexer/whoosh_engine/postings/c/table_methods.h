/* The methods of the type `Table`: what Python passes is read, and goes to the loops. */

#ifndef TABLE_METHODS_H
#define TABLE_METHODS_H

#include "best_matches.h"
#include "holders.h"
#include "norms.h"
#include "positions.h"

static PyObject *
Table_holders(Table *table, PyObject *arguments)
{
    PyObject *runs, *documents, *mask;
    Columns columns;
    Word word;
    int problem = NO_MEMORY;
    if (!PyArg_ParseTuple(arguments, "OOO", &runs, &documents, &mask) ||
        open_columns(table->size, documents, mask, MASK, &columns) < 0) {
        return NULL;
    }
    if (open_word(table, runs, &word) == 0) {
        PyThreadState *state = let_others_run(columns.documents.size + word.postings);
        problem = mark_holders(table, &word, columns.documents.view.buf, columns.documents.size,
                               columns.numbers.view.buf);
        run_alone(state);
    }
    close_word(&word);
    close_columns(&columns);
    return PyErr_Occurred() ? NULL : result_of(problem);
}

static PyObject *
Table_add_impacts(Table *table, PyObject *arguments)
{
    PyObject *runs, *documents, *totals, *norms;
    Scoring scoring;
    Columns columns;
    Word word = {0};
    if (!PyArg_ParseTuple(arguments, "OOOOff", &runs, &documents, &totals, &norms, &scoring.saturation,
                          &scoring.rarity) ||
        open_columns(table->size, documents, totals, SCORES, &columns) < 0) {
        return NULL;
    }
    if (open_norms(table, norms, &scoring) == 0 && open_word(table, runs, &word) == 0) {
        PyThreadState *state = let_others_run(columns.documents.size + word.postings);
        add_impacts(table, &word, &scoring, columns.documents.view.buf, columns.documents.size,
                    columns.numbers.view.buf);
        run_alone(state);
    }
    close_word(&word);
    close_norms(&scoring);
    close_columns(&columns);
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

static PyObject *
Table_greatest(Table *table, PyObject *arguments)
{
    PyObject *runs, *norms, *target;
    Scoring scoring = {.rarity = 1};
    Array by_block;
    Word word = {0};
    int problem = NO_MEMORY;
    if (!PyArg_ParseTuple(arguments, "OOfO", &runs, &norms, &scoring.saturation, &target) ||
        open_array(target, &by_block, SCORES, true, "the greatest impacts") < 0) {
        return NULL;
    }
    if (by_block.size < blocks_of(table->size)) {
        PyErr_SetString(PyExc_ValueError, "there is not one impact for each block");
    }
    else if (open_norms(table, norms, &scoring) == 0 && open_word(table, runs, &word) == 0) {
        PyThreadState *state = let_others_run(word.postings);
        problem = fill_greatest(table, &word, &scoring, by_block.view.buf);
        run_alone(state);
    }
    close_word(&word);
    close_norms(&scoring);
    close_array(&by_block);
    return PyErr_Occurred() ? NULL : result_of(problem);
}

static PyObject *
Table_add_nearness(Table *table, PyObject *arguments)
{
    PyObject *first_runs, *second_runs, *documents, *totals, *weights;
    Nearness nearness = {.gap = 0};
    Py_ssize_t gap;
    Columns columns;
    Word first, second = {0};
    int problem = NO_MEMORY;
    if (!PyArg_ParseTuple(arguments, "OOOOnO!ff", &first_runs, &second_runs, &documents, &totals, &gap, &PyTuple_Type,
                          &weights, &nearness.saturation, &nearness.worth)) {
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
    if (PyErr_Occurred() || open_columns(table->size, documents, totals, SCORES, &columns) < 0) {
        return NULL;
    }
    if (open_word(table, first_runs, &first) == 0 && open_word(table, second_runs, &second) == 0) {
        PyThreadState *state = let_others_run(columns.documents.size + first.postings + second.postings);
        problem = add_nearness(table, &first, &second, &nearness, columns.documents.view.buf, columns.documents.size,
                               columns.numbers.view.buf);
        run_alone(state);
    }
    close_word(&second);
    close_word(&first);
    close_columns(&columns);
    return PyErr_Occurred() ? NULL : result_of(problem);
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
    ByField *by_word = calloc(count + 1, sizeof(ByField));
    if (words != NULL && by_word != NULL) {
        while (opened < count && open_word(table, PyTuple_GetItem(all_runs, opened), &words[opened]) == 0) {
            opened++;
        }
        if (opened == count) {
            PyThreadState *state = let_others_run(count * columns.documents.size);
            problem = mark_phrases(table, words, count, by_word, columns.documents.view.buf, columns.documents.size,
                                   columns.numbers.view.buf);
            run_alone(state);
        }
        for (Py_ssize_t number = 0; number < opened; number++) {
            close_word(&words[number]);
            for (int field = 0; field < FIELDS; field++) {
                free(by_word[number][field].positions);
            }
        }
    }
    free(by_word);
    free(words);
    close_columns(&columns);
    return PyErr_Occurred() ? NULL : result_of(problem);
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
    {"add_nearness", (PyCFunction)Table_add_nearness, METH_VARARGS,
     PyDoc_STR("add_nearness(first, second, documents, totals, gap, weights, saturation, worth)\n\n"
               "Add to the total of each document what it is worth, `worth` at the most, how often the second word\n"
               "follows the first in at most `gap` steps. Each time counts the weight of its field.")},
    {"greatest", (PyCFunction)Table_greatest, METH_VARARGS,
     PyDoc_STR("greatest(word, norms, saturation, by_block)\n\n"
               "Write about the greatest impact of a word in each block of BLOCK documents, 0 where none has it.")},
    {"best_matches", (PyCFunction)Table_best_matches, METH_VARARGS,
     PyDoc_STR("best_matches(lists, scored, program, allowed, saturation, wanted)\n\n"
               "Return the matches with the best scores, as many as are wanted, and those as good as the last of them:\n"
               "bytes, with the document, an int32, and the score, a float32, of each.\n\n"
               "A list is a pair: a word or an array of documents, and whether each match is among them. What is scored\n"
               "is a tuple: the number of a list; the norms of the word, or impacts on each of the documents; the\n"
               "greatest impact in each block of BLOCK documents, in 255ths; what one is worth; and a program that tells where\n"
               "it counts, empty if everywhere. Scores are added in this order.\n\n"
               "A program is a tuple of numbers of lists and operations, AND, OR, NOT, ALL, which stand behind what they\n"
               "work on. What it leaves are the documents that match, as far as they are allowed.")},
    {NULL, NULL, 0, NULL},
};

#endif

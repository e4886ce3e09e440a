/* The search for the best matches as a method for Python. */

#ifndef BEST_MATCHES_H
#define BEST_MATCHES_H

#include "block_max.h"
#include "norms.h"

static void
close_query(Query *query)
{
    for (Py_ssize_t number = 0; query->lists != NULL && number < query->list_count; number++) {
        close_array(&query->lists[number].documents);
        close_word(&query->lists[number].word);
    }
    for (Py_ssize_t number = 0; query->scored != NULL && number < query->scored_count; number++) {
        close_norms(&query->scored[number].scoring);
        close_array(&query->scored[number].impacts);
        close_array(&query->scored[number].greatest);
        free(query->scored[number].condition.steps);
    }
    free(query->lists);
    free(query->order);
    free(query->scored);
    free(query->program.steps);
    free(query->stack);
    free(query->bounds);
    free(query->group_bounds);
}

/* Reads a program, and makes sure that its operations find what they work on; -1 with an error. */
static int
read_program(const Query *query, PyObject *source, Program *program)
{
    Py_ssize_t depth = 0;
    if (!PyTuple_Check(source)) {
        PyErr_SetString(PyExc_TypeError, "a program is a tuple");
        return -1;
    }
    program->length = PyTuple_Size(source);
    program->steps = calloc(program->length + 1, sizeof(int));
    if (program->steps == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t step = 0; step < program->length; step++) {
        long number = PyLong_AsLong(PyTuple_GetItem(source, step));
        if (PyErr_Occurred()) {
            return -1;
        }
        if (number < ALL || number >= query->list_count) {
            PyErr_SetString(PyExc_IndexError, "a program names a list that is not there");
            return -1;
        }
        bool is_binary = number == AND || number == OR;
        if (depth < (is_binary ? 2 : number == NOT)) {
            depth = 0;
            break;
        }
        depth += is_binary ? -1 : number != NOT;
        program->steps[step] = (int)number;
    }
    if (depth != 1 && program->length) {
        PyErr_SetString(PyExc_ValueError, "a program does not leave one set");
        return -1;
    }
    return 0;
}

static Py_ssize_t
length_of(const List *list)
{
    return list->table == NULL ? list->documents.size : list->word.postings;
}

static int
by_rarity(const void *one, const void *other)
{
    const List *first = *(List *const *)one, *second = *(List *const *)other;
    if (first->is_required != second->is_required) {
        return first->is_required ? -1 : 1;
    }
    return (length_of(first) > length_of(second)) - (length_of(first) < length_of(second));
}

/* Reads a tuple of runs of the table, or an array of documents, and whether all that matches is among them. */
static int
read_list_from(const Table *table, PyObject *source, List *list)
{
    PyObject *documents;
    int is_required;
    if (!PyTuple_Check(source)) {
        PyErr_SetString(PyExc_TypeError, "a list is a tuple");
        return -1;
    }
    if (!PyArg_ParseTuple(source, "Op", &documents, &is_required)) {
        return -1;
    }
    list->is_required = is_required;
    if (!PyTuple_Check(documents)) {
        return open_array(documents, &list->documents, DOCUMENTS, false, "a list");
    }
    list->table = table;
    return open_word(table, documents, &list->word);
}

static int
read_lists(Query *query, PyObject *sources)
{
    query->list_count = PyTuple_Size(sources);
    query->lists = calloc(query->list_count + 1, sizeof(List));
    query->order = calloc(query->list_count + 1, sizeof(List *));
    if (query->lists == NULL || query->order == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t number = 0; number < query->list_count; number++) {
        query->order[number] = &query->lists[number];
        if (read_list_from(query->table, PyTuple_GetItem(sources, number), &query->lists[number]) < 0) {
            return -1;
        }
    }
    qsort(query->order, query->list_count, sizeof *query->order, by_rarity);
    return 0;
}

static int
read_scored_list(Query *query, PyObject *source, ScoredList *one)
{
    PyObject *impacts, *greatest, *condition;
    Py_ssize_t number;
    if (!PyTuple_Check(source)) {
        PyErr_SetString(PyExc_TypeError, "a scored list is a tuple");
        return -1;
    }
    if (!PyArg_ParseTuple(source, "nOOfO", &number, &impacts, &greatest, &one->worth, &condition)) {
        return -1;
    }
    if (number < 0 || number >= query->list_count) {
        PyErr_SetString(PyExc_IndexError, "what is scored names a list that is not there");
        return -1;
    }
    if (!isfinite(one->worth) || one->worth < 0) {
        PyErr_SetString(PyExc_ValueError, "what a list is worth is a number from 0 on");
        return -1;
    }
    one->list = &query->lists[number];
    one->scoring.saturation = query->saturation;
    one->scoring.rarity = one->worth;
    if (open_array(greatest, &one->greatest, STEPS, false, "the greatest impacts") < 0 ||
        read_program(query, condition, &one->condition) < 0 ||
        (one->list->table ? open_norms(query->table, impacts, &one->scoring)
                          : open_array(impacts, &one->impacts, SCORES, false, "impacts")) < 0) {
        return -1;
    }
    if (one->impacts.size != one->list->documents.size || one->greatest.size < blocks_of(query->size)) {
        PyErr_SetString(PyExc_ValueError, "there is not one impact for each document and block");
        return -1;
    }
    return 0;
}

static int
read_scored_lists(Query *query, PyObject *sources)
{
    query->scored_count = PyTuple_Size(sources);
    query->scored = calloc(query->scored_count + 1, sizeof(ScoredList));
    if (query->scored == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t number = 0; number < query->scored_count; number++) {
        if (read_scored_list(query, PyTuple_GetItem(sources, number), &query->scored[number]) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Makes room for what a search works with. */
static int
make_room(Query *query)
{
    Py_ssize_t depth = query->program.length, groups = groups_of(query->size);
    for (Py_ssize_t number = 0; number < query->scored_count; number++) {
        Py_ssize_t length = query->scored[number].condition.length;
        depth = depth > length ? depth : length;
    }
    query->stack = calloc(depth + 1, sizeof(uint64_t));
    query->bounds = calloc(groups * GROUP + 1, sizeof(float));
    query->group_bounds = calloc(groups + 1, sizeof(float));
    if (query->stack == NULL || query->bounds == NULL || query->group_bounds == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

static PyObject *
best_of(Query *query, Py_ssize_t wanted)
{
    Py_ssize_t most = wanted < query->size ? wanted : query->size, postings = 0;
    Best best = {.wanted = wanted, .heap = calloc(most + 1, sizeof(float))};
    PyObject *found;
    if (best.heap == NULL) {
        return PyErr_NoMemory();
    }
    for (Py_ssize_t number = 0; number < query->list_count; number++) {
        postings += length_of(&query->lists[number]);
    }
    PyThreadState *state = let_others_run(postings);
    int problem = search_segment(query, &best);
    run_alone(state);
    found = problem < 0 ? result_of(problem)
                        : PyBytes_FromStringAndSize((const char *)best.matches, best.found * sizeof(Match));
    free(best.matches);
    free(best.heap);
    return found;
}

static PyObject *
Table_best_matches(Table *table, PyObject *arguments)
{
    PyObject *lists, *scored, *program, *allowed, *found = NULL;
    Py_ssize_t wanted;
    Query query = {.table = table, .size = table->size};
    Array mask;
    if (!PyArg_ParseTuple(arguments, "O!O!OOfn", &PyTuple_Type, &lists, &PyTuple_Type, &scored, &program, &allowed,
                          &query.saturation, &wanted) ||
        open_array(allowed, &mask, MASK, false, "allowed") < 0) {
        return NULL;
    }
    query.allowed = mask.view.buf;
    if (mask.size != table->size) {
        PyErr_SetString(PyExc_ValueError, "there is not one truth for each document");
    }
    else if (wanted < 1 || wanted > INT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "so many cannot be wanted");
    }
    else if (read_lists(&query, lists) == 0 && read_scored_lists(&query, scored) == 0 &&
             read_program(&query, program, &query.program) == 0) {
        if (query.program.length == 0) {
            PyErr_SetString(PyExc_ValueError, "a program does not leave one set");
        }
        else if (make_room(&query) == 0) {
            found = best_of(&query, wanted);
        }
    }
    close_query(&query);
    close_array(&mask);
    return found;
}

#endif

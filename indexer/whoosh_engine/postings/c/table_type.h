/* The type `Table`: how it is made and freed. */

#ifndef TABLE_TYPE_H
#define TABLE_TYPE_H

#include "table_methods.h"

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
        free(table->sums[field]);
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
        check_documents(&table->documents, table->size) < 0 || open_fields(table, fields) < 0 || make_sums(table) < 0 ||
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

#endif

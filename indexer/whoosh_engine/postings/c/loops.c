/* The inner loops of a search over the postings of one segment, as a module for Python. The tables of methods, here and
   in `table_methods.h`, say what each does.

   NumPy does all of this as well, in `words.py`, and both give the same numbers to the last bit: frequencies are added
   in double and rounded once, norms are multiplied and added in float, and the compiler must not fuse a product with a
   sum (see `pyproject.toml`). In place of the search for the best matches, it scores all of them.

   Memory is safe whatever an index holds, as long as nobody writes into an array meanwhile: documents are compared with
   the size of the segment when a table is made, and positions with their array when they are read. Long loops let other
   threads run. */

#include "doc_sets.h"
#include "impacts.h"
#include "table_type.h"

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

/* Returns the number of documents, or a problem. */
static Py_ssize_t
unite(const Array *lists, Py_ssize_t count, Py_ssize_t size, Array *documents)
{
    uint64_t *set = new_set(size);
    if (set == NULL) {
        return NO_MEMORY;
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
    Py_ssize_t size, united = NO_MEMORY;
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
    return united < 0 ? result_of((int)united) : PyLong_FromSsize_t(united);
}

static int
fill_module(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&Table_spec);
    if (type == NULL) {
        return -1;
    }
    int problem = PyModule_AddObjectRef(module, "Table", type);
    Py_DECREF(type);
    if (problem < 0 || PyModule_AddIntConstant(module, "BLOCK", BLOCK) < 0) {
        return -1;
    }
    return PyModule_AddIntConstant(module, "SEEK_COST", SEEK_COST);
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
    {Py_mod_exec, fill_module},
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

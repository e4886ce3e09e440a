/* A query over lists of documents, as it is searched block by block. */

#ifndef QUERY_H
#define QUERY_H

#include "impacts.h"

#define FULL 255 /* steps from no impact to the full one */
#define GROUP 16 /* blocks that are passed over at once */

/* The documents of a word in a table, or others that are known, those of a beginning or a phrase; `at` is where the
   block begins that is read, and `present` has a bit for each of its documents there. */
typedef struct {
    const Table *table; /* NULL where documents are known */
    Word word;
    Array documents;
    Py_ssize_t at;
    bool is_required; /* of all that matches */
    uint64_t present;
} List;

/* What is asked of the sets of a block: the numbers of lists push their sets on a stack, on which operations work. */
typedef struct {
    int *steps;
    Py_ssize_t length;
} Program;

enum { AND = -1, OR = -2, NOT = -3, ALL = -4 }; /* as in `programs.py` */

/* What the documents of a list add to scores, where its condition holds if it has one. */
typedef struct {
    List *list;
    Scoring scoring; /* of a word in a table */
    Array impacts;   /* of documents that are known */
    Array greatest;  /* impact in each block, in steps, rounded up */
    float worth;
    Program condition;
} ScoredList;

typedef struct {
    const Table *table;
    List *lists, **order; /* the required ones first, the shortest of them in front */
    ScoredList *scored;
    Py_ssize_t list_count, scored_count, size;
    float saturation;
    Program program;
    uint64_t *stack;
    float *bounds, *group_bounds; /* scores that no match exceeds in a block, and in a group; below 0 without matches */
    const uint8_t *allowed;
} Query;

static inline Py_ssize_t
groups_of(Py_ssize_t size)
{
    return (blocks_of(size) + GROUP - 1) / GROUP;
}

#endif

/* Sets of documents, with a bit for each of the segment. */

#ifndef DOC_SETS_H
#define DOC_SETS_H

#include "work.h"

static uint64_t *
new_set(Py_ssize_t size)
{
    return calloc(size / 64 + 1, sizeof(uint64_t));
}

static void
add_documents(uint64_t *set, const int32_t *documents, Py_ssize_t count)
{
    for (Py_ssize_t index = 0; index < count; index++) {
        set[documents[index] >> 6] |= (uint64_t)1 << (documents[index] & 63);
    }
}

/* The documents of a set, ascending. Returns their number, or a problem. */
static Py_ssize_t
list_documents(const uint64_t *set, Py_ssize_t size, int32_t *documents, Py_ssize_t room)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t place = 0; place <= size / 64; place++) {
        for (uint64_t left = set[place]; left; left &= left - 1) {
            if (count == room) {
                return NO_ROOM;
            }
            documents[count++] = (int32_t)(place * 64 + __builtin_ctzll(left));
        }
    }
    return count;
}

#endif

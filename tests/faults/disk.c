/* A bad disk, for one process: LD_PRELOAD it.
 *
 * DISK_UNDER   only files below this folder
 * DISK_SHADOW  after each fsync the file is copied there: what a power cut would leave for certain
 * DISK_FAIL    eio or full: writes and fsyncs fail so
 * DISK_CHANCE  one in so many calls, from the DISK_AFTER-th on
 * DISK_SEED    of the dice
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned dice;
static long calls;
static int ready;

static const char *under, *shadow, *fail;
static long chance, after;

static void begin(void) {
    if (ready) return;
    ready = 1;
    under = getenv("DISK_UNDER");
    shadow = getenv("DISK_SHADOW");
    fail = getenv("DISK_FAIL");
    chance = getenv("DISK_CHANCE") ? atol(getenv("DISK_CHANCE")) : 0;
    after = getenv("DISK_AFTER") ? atol(getenv("DISK_AFTER")) : 0;
    dice = getenv("DISK_SEED") ? (unsigned)atol(getenv("DISK_SEED")) : 1;
}

static int ours(int fd, char *path) {
    char link[64];
    begin();
    if (!under) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, PATH_MAX - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return strncmp(path, under, strlen(under)) == 0;
}

/* 1: this call fails, with errno set. */
static int fails(void) {
    int now = 0;
    if (!fail || !chance) return 0;
    pthread_mutex_lock(&lock);
    if (++calls > after) now = rand_r(&dice) % chance == 0;
    pthread_mutex_unlock(&lock);
    if (now) errno = strcmp(fail, "full") == 0 ? ENOSPC : EIO;
    return now;
}

static ssize_t real_pwrite(int fd, const void *data, size_t size, off64_t at) {
    static ssize_t (*next)(int, const void *, size_t, off64_t);
    if (!next) next = dlsym(RTLD_NEXT, "pwrite64");
    return next(fd, data, size, at);
}

static ssize_t real_write(int fd, const void *data, size_t size) {
    static ssize_t (*next)(int, const void *, size_t);
    if (!next) next = dlsym(RTLD_NEXT, "write");
    return next(fd, data, size);
}

/* The file as it is now, under its own name in the shadow folder; renamed into place. */
static void keep(int fd, const char *path) {
    char draft[PATH_MAX], name[PATH_MAX], part[65536];
    struct stat is;
    if (!shadow || fstat(fd, &is) || !S_ISREG(is.st_mode)) return;
    snprintf(name, sizeof name, "%s/%s", shadow, strrchr(path, '/') + 1);
    snprintf(draft, sizeof draft, "%s.draft", name);
    int copy = open(draft, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (copy < 0) return;
    for (off64_t at = 0; at < is.st_size;) {
        ssize_t size = pread64(fd, part, sizeof part, at);
        if (size <= 0) break;
        real_pwrite(copy, part, (size_t)size, at);
        at += size;
    }
    close(copy);
    rename(draft, name);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    char path[PATH_MAX];
    if (ours(fd, path) && fails()) {
        real_pwrite(fd, data, size / 2, at); /* torn */
        return -1;
    }
    return real_pwrite(fd, data, size, at);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    return pwrite64(fd, data, size, at);
}

ssize_t write(int fd, const void *data, size_t size) {
    char path[PATH_MAX];
    if (ours(fd, path) && fails()) return -1;
    return real_write(fd, data, size);
}

static int synced(int fd, const char *name) {
    char path[PATH_MAX];
    int (*next)(int) = dlsym(RTLD_NEXT, name);
    int is_ours = ours(fd, path);
    if (is_ours && fails()) return -1;
    int done = next(fd);
    if (is_ours && done == 0) keep(fd, path);
    return done;
}

int fsync(int fd) { return synced(fd, "fsync"); }
int fdatasync(int fd) { return synced(fd, "fdatasync"); }

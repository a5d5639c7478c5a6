/* What a resident typed is not in the kiosk's memory once he has left: every byte of the process that can be written is read from outside. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>
#include <wchar.h>

#include <cmocka.h>

#include "tests/support/desk.h"
#include "tests/support/picture.h"

enum { MEMORY_PART = 1 << 20, MEMORY_NEEDLE = 64, MEMORY_NEEDLES = 2 };

struct needle {
    const char *what; /* as on the screen */
    char bytes[MEMORY_NEEDLE];
    size_t n;
};

/* Counts places in p; a needle that lies over the end is found with the next part, which begins before it. */
static int memory_count(const char *p, size_t n, const struct needle *needle)
{
    int count = 0;
    const char *end = p + n;
    while ((size_t)(end - p) >= needle->n && (p = memmem(p, (size_t)(end - p), needle->bytes, needle->n)) != NULL) {
        count++;
        p++;
    }
    return count;
}

static int memory_range(int fd, uint64_t from, uint64_t to, const struct needle *needle)
{
    static char part[MEMORY_PART + MEMORY_NEEDLE];
    int count = 0;
    for (uint64_t at = from; at < to; at += MEMORY_PART) {
        uint64_t n = to - at < sizeof part ? to - at : sizeof part;
        ssize_t got = pread(fd, part, n, (off_t)at);
        if (got > 0)
            count += memory_count(part, (size_t)got, needle);
    }
    return count;
}

/* Maps as large as these are the sanitizers' own: their bytes stand for others. */
static bool memory_is_shadow(uint64_t from, uint64_t to) { return to - from > UINT64_C(1) << 32; }

/* How often it lies in the memory of the process; -1: it may not be read (one has to be root). */
static int memory_holds(pid_t pid, const struct needle *needle, bool tell)
{
    char path[64], line[400];
    int count = 0;
    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    FILE *mem = fopen(path, "rb");
    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *maps = fopen(path, "r");
    while (mem && maps && fgets(line, sizeof line, maps)) {
        unsigned long long from, to;
        char rights[8];
        if (sscanf(line, "%llx-%llx %7s", &from, &to, rights) != 3 || rights[1] != 'w' || memory_is_shadow(from, to))
            continue;
        int n = memory_range(fileno(mem), from, to, needle);
        if (n > 0 && tell)
            print_message("\"%s\" %d times in %s", needle->what, n, line);
        count += n;
    }
    if (!mem || !maps)
        count = -1;
    if (mem)
        fclose(mem);
    if (maps)
        fclose(maps);
    return count;
}

/* As bytes, and as the letters of a wide text. */
static int memory_needles(struct needle out[MEMORY_NEEDLES], const char *text)
{
    wchar_t wide[MEMORY_NEEDLE / sizeof(wchar_t)];
    out[0] = (struct needle){.what = text, .n = strlen(text)};
    memcpy(out[0].bytes, text, out[0].n);
    size_t n = mbstowcs(wide, text, sizeof wide / sizeof wide[0]);
    if (n == (size_t)-1)
        return 1;
    out[1] = (struct needle){.what = text, .n = n * sizeof(wchar_t)};
    memcpy(out[1].bytes, wide, out[1].n);
    return 2;
}

/* How often the program holds the text; -1 when it may not be looked into. */
static int memory_of(struct picture *p, const char *text, bool tell)
{
    struct needle needles[MEMORY_NEEDLES];
    int sum = 0, count = memory_needles(needles, text);
    for (int i = 0; i < count; i++) {
        int n = memory_holds(picture_pid(p), &needles[i], tell);
        if (n < 0)
            return -1;
        sum += n;
    }
    return sum;
}

/* A desk and its kiosk, a name and a telephone typed. Who may not look into the program's memory (it lets nobody but root) skips. */
static struct picture *memory_at_review(struct desk *d)
{
    desk_new(d, NULL, true);
    struct picture *p = picture_start(&(struct picture_setup){.data = d->folder, .lang = "ru", .clock = DESK_CLOCK});
    picture_press(p, "enter 1 enter f5");
    picture_press(p, "'Евдокия Полуэктова' enter '8 912 777-66-55' enter 'evdokia@mail.ru' enter enter enter enter");
    assert_true(picture_has(p, "Всё верно?"));
    if (memory_of(p, "Полуэктов", false) < 0) {
        print_message("the program's memory is not readable for this user\n");
        picture_stop(p);
        desk_done(d);
        skip();
    }
    return p;
}

static void memory_is_clean(struct picture *p)
{
    static const char *const secrets[] = {"Полуэктов", "9127776655", "777-66-55", "evdokia@"};
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        assert_int_equal(memory_of(p, secrets[i], true), 0);
}

static void test_memory__who_leaves_the_form_leaves_nothing(void **state)
{
    struct desk d;
    (void)state;
    struct picture *p = memory_at_review(&d);
    assert_true(memory_of(p, "Полуэктов", false) > 0); /* it can be found */
    picture_press(p, "home down enter");
    assert_true(picture_has(p, "Что вы хотите сделать?"));
    memory_is_clean(p);
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

static void test_memory__who_signed_up_leaves_nothing(void **state)
{
    struct desk d;
    (void)state;
    struct picture *p = memory_at_review(&d);
    picture_press(p, "space");
    assert_true(picture_has(p, "Вы записаны"));
    picture_press(p, "space");
    memory_is_clean(p);
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory__who_leaves_the_form_leaves_nothing),
        cmocka_unit_test(test_memory__who_signed_up_leaves_nothing),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}

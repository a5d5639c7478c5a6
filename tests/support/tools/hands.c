/* hands: a person before the kiosk, played from a script. Keys go into a pseudo-terminal, eyes are libvterm and zbar.
 *   hands DATA [LANG]     starts the kiosk of this build on a data folder and does what standard input says, line by
 * line: press KEYS        as picture_press (tests/support/picture.h); after every key the kiosk has drawn wait TEXT
 * until the text is on the screen code              prints what the QR code on the screen says screen            prints
 * the screen kill-in MS        the kiosk is killed that long from now, whatever is done meanwhile kill              now
 *   pid               prints the number of its process
 *   hands --paper PNG     prints what the QR codes of a printed paper say, from the top
 * Exit: 0 all done. Else standard error says why: "the kiosk ended with status 9" for one killed under the hands. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/paper_qr.h"
#include "tests/support/picture.h"

enum { HANDS_LINE = 1000, HANDS_CODES = 4 };

struct hands {
    struct picture *picture;
    pid_t killer; /* 0: nobody is to kill the kiosk */
};

static int hands_paper(const char *path)
{
    char text[HANDS_CODES][PAPER_QR_TEXT];
    struct paper paper;
    if (!paper_read_png(&paper, path)) {
        fprintf(stderr, "hands: %s is no picture\n", path);
        return 1;
    }
    int n = paper_read_qr(&paper, text, HANDS_CODES);
    for (int i = 0; i < n; i++)
        puts(text[i]);
    paper_done(&paper);
    paper_forget_fonts();
    return n > 0 ? 0 : 1;
}

static void hands_kill_in(struct hands *h, int ms)
{
    h->killer = fork();
    if (h->killer == 0) {
        poll(NULL, 0, ms);
        picture_signal(h->picture, SIGKILL);
        _exit(0);
    }
}

static bool hands_do(struct hands *h, char *line)
{
    char seen[400];
    char *rest = strchr(line, ' ');
    if (rest)
        *rest++ = '\0';
    if (strcmp(line, "press") == 0 && rest) {
        picture_press(h->picture, rest);
    } else if (strcmp(line, "wait") == 0 && rest) {
        if (!picture_wait_text(h->picture, rest)) {
            fprintf(stderr, "hands: waited for \"%s\" in vain:\n%s", rest, picture_text(h->picture));
            return false;
        }
    } else if (strcmp(line, "code") == 0) {
        puts(picture_qr(h->picture, seen, sizeof seen));
    } else if (strcmp(line, "screen") == 0) {
        fputs(picture_text(h->picture), stdout);
    } else if (strcmp(line, "kill-in") == 0 && rest) {
        hands_kill_in(h, (int)strtol(rest, NULL, 10));
    } else if (strcmp(line, "pid") == 0) {
        printf("%d\n", picture_pid(h->picture));
    } else if (strcmp(line, "kill") == 0) {
        picture_kill(h->picture, SIGKILL);
    } else {
        fprintf(stderr, "hands: what is \"%s\"?\n", line);
        return false;
    }
    fflush(stdout);
    return true;
}

int main(int argc, char **argv)
{
    struct hands h = {.killer = 0};
    char line[HANDS_LINE];
    if (argc == 3 && strcmp(argv[1], "--paper") == 0)
        return hands_paper(argv[2]);
    if (argc != 2 && argc != 3) {
        fprintf(stderr, "usage: hands DATA [LANG] | hands --paper PNG\n");
        return 2;
    }
    h.picture =
        picture_start(&(struct picture_setup){.data = argv[1], .lang = argc == 3 ? argv[2] : NULL, .clock = ""});
    bool good = true;
    while (good && fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        good = hands_do(&h, line);
    }
    if (h.killer > 0) {
        kill(h.killer, SIGKILL);
        waitpid(h.killer, NULL, 0);
    }
    int code = picture_stop(h.picture);
    return good ? code : 1;
}

/* SSIP over a Unix socket, one command at a time. */
#include "kiosk/ui/speech.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/guard.h"
#include "kiosk/base/text.h"

enum { SPEECH_LINE = 512, SPEECH_OUT = 8192 };

/* What is sent for one utterance, each after the reply to the one before. */
enum speech_step { SPEECH_NAME, SPEECH_CANCEL, SPEECH_LANGUAGE, SPEECH_SPEAK, SPEECH_BODY, SPEECH_IDLE };

struct speech {
    char path[108]; /* of a sockaddr_un */
    int fd;
    int64_t again_at; /* mono ms before which no new connection is tried */
    bool named;
    enum speech_step step; /* whose reply is awaited */
    struct buf out;        /* not sent yet */
    char reply[SPEECH_LINE];
    size_t reply_len;
    bool due; /* text is to be said */
    char lang[8], text[SPEECH_TEXT];
};

struct speech *speech_new(const char *path)
{
    struct speech *s = guard_new(sizeof *s); /* what the screen says of a person is in it */
    const char *given = getenv("SPEECHD_ADDRESS"), *folder = getenv("XDG_RUNTIME_DIR");
    static const char scheme[] = "unix_socket:";
    s->fd = -1;
    s->step = SPEECH_IDLE;
    buf_init(&s->out, SPEECH_OUT);
    if (path[0])
        snprintf(s->path, sizeof s->path, "%s", path);
    else if (given && strncmp(given, scheme, sizeof scheme - 1) == 0)
        snprintf(s->path, sizeof s->path, "%s", given + sizeof scheme - 1);
    else
        snprintf(s->path, sizeof s->path, "%s/speech-dispatcher/speechd.sock", folder && *folder ? folder : "/run");
    return s;
}

static void speech_drop(struct speech *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    s->named = false;
    s->step = SPEECH_IDLE;
    s->reply_len = 0;
    s->due = false;
    buf_wipe(&s->out);
}

void speech_free(struct speech *s)
{
    if (!s)
        return;
    speech_drop(s);
    buf_done(&s->out);
    guard_free(s, sizeof *s);
}

static bool speech_connect(struct speech *s, int64_t mono_ms)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (s->fd >= 0)
        return true;
    if (mono_ms < s->again_at)
        return false;
    s->again_at = mono_ms + SPEECH_AGAIN_MS;
    snprintf(to.sun_path, sizeof to.sun_path, "%s", s->path);
    s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s->fd >= 0 && connect(s->fd, (const struct sockaddr *)&to, sizeof to) == 0)
        return true;
    speech_drop(s); /* EAGAIN, too: who has no room for a connection has none for words */
    return false;
}

static void speech_send(struct speech *s)
{
    while (s->out.len > 0 && s->fd >= 0) {
        ssize_t n = send(s->fd, s->out.data, s->out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n > 0)
            buf_drop(&s->out, (size_t)n);
        else if (n < 0 && errno == EINTR)
            continue;
        else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        else
            speech_drop(s);
    }
}

/* A line that begins with a dot would end the text: it gets a second one. */
static void speech_add_body(struct speech *s)
{
    buf_addf(&s->out, "%s%s\r\n.\r\n", s->text[0] == '.' ? "." : "", s->text);
    explicit_bzero(s->text, sizeof s->text);
    s->due = false;
}

/* The command of this step, and what comes after it when it has been replied to. */
static void speech_go(struct speech *s, enum speech_step step)
{
    s->step = step;
    if (step == SPEECH_NAME)
        buf_add_str(&s->out, "SET SELF CLIENT_NAME sosedi:kiosk:main\r\n");
    else if (step == SPEECH_CANCEL)
        buf_add_str(&s->out, "CANCEL SELF\r\n");
    else if (step == SPEECH_LANGUAGE)
        buf_addf(&s->out, "SET SELF LANGUAGE %s\r\n", s->lang);
    else if (step == SPEECH_SPEAK)
        buf_add_str(&s->out, "SPEAK\r\n");
    else if (step == SPEECH_BODY)
        speech_add_body(s);
    speech_send(s);
}

/* What a refusal means: no such language is no reason for silence; without SPEAK there is no text. */
static void speech_replied(struct speech *s, int code)
{
    bool fine = code >= 200 && code < 300;
    switch (s->step) {
    case SPEECH_NAME:
        s->named = true;
        speech_go(s, SPEECH_CANCEL);
        break;
    case SPEECH_CANCEL:
        speech_go(s, s->text[0] ? SPEECH_LANGUAGE : SPEECH_IDLE);
        break;
    case SPEECH_LANGUAGE:
        speech_go(s, SPEECH_SPEAK);
        break;
    case SPEECH_SPEAK:
        speech_go(s, fine ? SPEECH_BODY : SPEECH_IDLE);
        break;
    default:
        s->step = SPEECH_IDLE;
        break;
    }
    if (s->step == SPEECH_IDLE && s->due && s->fd >= 0) {
        s->due = s->text[0] != '\0';
        speech_go(s, SPEECH_CANCEL);
    }
}

static void speech_take_line(struct speech *s)
{
    int code = 0;
    s->reply[s->reply_len < sizeof s->reply ? s->reply_len : sizeof s->reply - 1] = '\0';
    bool last = s->reply_len > 3 && s->reply[3] == ' ';
    s->reply_len = 0;
    if (!last || sscanf(s->reply, "%3d", &code) != 1 || code < 200 || code >= 700)
        return; /* a line of many, or an event: nothing was asked that would send one */
    if (code < 600)
        speech_replied(s, code);
}

void speech_ready(struct speech *s)
{
    char bytes[256];
    speech_send(s);
    while (s->fd >= 0) {
        ssize_t n = recv(s->fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (n <= 0) {
            speech_drop(s);
            return;
        }
        for (ssize_t i = 0; i < n; i++)
            if (bytes[i] == '\n')
                speech_take_line(s);
            else if (bytes[i] != '\r' && s->reply_len < sizeof s->reply)
                s->reply[s->reply_len++] = bytes[i];
    }
}

void speech_say(struct speech *s, const char *lang, const char *text, int64_t mono_ms)
{
    if (!speech_connect(s, mono_ms))
        return;
    text_sanitize(s->text, sizeof s->text, text, strlen(text), TEXT_LINE);
    snprintf(s->lang, sizeof s->lang, "%s", strspn(lang, "abcdefghijklmnopqrstuvwxyz") == strlen(lang) ? lang : "en");
    s->due = s->step != SPEECH_IDLE || s->text[0];
    if (s->step == SPEECH_IDLE)
        speech_go(s, s->named ? SPEECH_CANCEL : SPEECH_NAME);
}

int speech_fd(const struct speech *s) { return s ? s->fd : -1; }
short speech_events(const struct speech *s) { return s && s->out.len > 0 ? POLLIN | POLLOUT : POLLIN; }

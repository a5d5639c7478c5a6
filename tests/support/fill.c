#include "tests/support/fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/date.h"
#include "kiosk/base/json.h"
#include "kiosk/store/replica_write.h"
#include "kiosk/ticket/crypto.h"

static const char *const fill_topics[] = {"health", "education",  "inclusion", "employment", "ecology", "culture",
                                          "sport",  "neighbours", "children",  "elderly",    "it"};
static const char *const fill_topic_names[] = {"Здоровье", "Образование",       "Инклюзия",  "Работа",
                                               "Экология", "Культура",          "Спорт",     "Соседи",
                                               "Дети",     "Старшее поколение", "Компьютеры"};
static const char *const fill_cities[] = {"Казань", "Уфа",    "Самара",   "Пермь",   "Тверь",   "Омск",      "Томск",
                                          "Тула",   "Рязань", "Курск",    "Орёл",    "Псков",   "Елабуга",   "Углич",
                                          "Муром",  "Выборг", "Кострома", "Вологда", "Сызрань", "Ялуторовск"};
static const char *const fill_what[] = {
    "Ёлка во дворе", "Шахматный клуб",      "Скандинавская ходьба", "Уроки татарского", "Чтение вслух",
    "Субботник",     "Ремонт велосипедов",  "Настольные игры",      "Лекция о птицах",  "Компьютерная помощь",
    "Хор ветеранов", "Мастерская керамики", "Йога для всех",        "Встреча соседей",  "Посадка деревьев"};
static const char *const fill_who[] = {"Дом культуры", "Библиотека", "Совет двора", "Клуб",
                                       "Школа",        "Общество",   "Центр"};
static const char *const fill_names[] = {"«Родник»", "«Надежда»",  "«Заречье»", "«Единство»", "«Ласточка»", "«Берёзка»",
                                         "«Факел»",  "«Согласие»", "«Сосны»",   "«Парус»",    "«Радуга»"};
#define FILL_COUNT(a) ((int)(sizeof(a) / sizeof(a)[0]))

struct fill {
    fill_take *take;
    void *context;
    int64_t seq;
    int communities;
};

struct fill_target {
    struct replica_writer *w;
    int64_t seq;
    int bad;
};

void fill_id(char out[37], const char *kind, int i)
{
    char name[24];
    snprintf(name, sizeof name, "%d", i);
    crypto_uuid_name(out, kind, name);
}

static void fill_check(enum err code, const struct error *e)
{
    if (code)
        die("fill: %s", e ? e->text : error_name(code));
}

/* One transaction per page of the feed, as kiosk-sync does it. */
static void fill_commit(struct fill_target *f)
{
    struct error e;
    struct replica_position at = {.scope = "all", .epoch = 1, .seq = f->seq, .page = f->seq / 500};
    memset(at.chain, '0', 64);
    fill_check(replica_commit(f->w, &at, &e), &e);
}

static void fill_into_replica(void *context, int64_t seq, const char *kind, const char *id, const struct json *d)
{
    struct fill_target *f = context;
    struct error e;
    if (f->seq % 500 == 0)
        fill_check(replica_begin(f->w, &e), &e);
    f->seq = seq;
    fill_check(replica_put(f->w, kind, id, seq, d, &f->bad, &e), &e);
    if (f->seq % 500 == 0)
        fill_commit(f);
}

static void fill_put(struct fill *f, const char *kind, const char *id, struct json *d)
{
    f->take(f->context, ++f->seq, kind, id, d);
    json_free(d);
}

static struct json *fill_about(int a, int b)
{
    struct json *list = json_new_array();
    json_put_str(list, NULL, fill_topics[a % FILL_COUNT(fill_topics)]);
    if (a % FILL_COUNT(fill_topics) != b % FILL_COUNT(fill_topics))
        json_put_str(list, NULL, fill_topics[b % FILL_COUNT(fill_topics)]);
    return list;
}

static void fill_base(struct fill *f)
{
    char id[37];
    for (int i = 0; i < FILL_COUNT(fill_topics); i++) {
        struct json *d = json_new_object();
        json_put_str(d, "name", fill_topic_names[i]);
        json_put_str(d, "inLanguage", "ru");
        json_put_int(d, "position", i + 1);
        fill_put(f, "topic", fill_topics[i], d);
    }
    for (int i = 0; i < FILL_COUNT(fill_cities); i++) {
        struct json *d = json_new_object();
        json_put_str(d, "name", fill_cities[i]);
        json_put_str(d, "inLanguage", "ru");
        fill_id(id, "city", i);
        fill_put(f, "city", id, d);
    }
}

static void fill_community_name(char out[200], int i)
{
    snprintf(out, 200, "%s %s %d", fill_who[i % FILL_COUNT(fill_who)], fill_names[i / 7 % FILL_COUNT(fill_names)], i);
}

static void fill_community(struct fill *f, int i)
{
    char id[37], text[200];
    struct json *d = json_new_object();
    fill_community_name(text, i);
    json_put_str(d, "name", text);
    json_put_str(d, "inLanguage", "ru");
    json_put_str(d, "description", "Собираемся вместе, помогаем друг другу, учимся и отдыхаем. Приходите знакомиться.");
    json_put_str(d, "addressLocality", fill_cities[i * 7 % FILL_COUNT(fill_cities)]);
    json_put_str(d, "telephone", "+7 900 000-00-00");
    json_put(d, "about", fill_about(i, i / 3 + 4));
    fill_id(id, "community", i);
    fill_put(f, "community", id, d);
}

static struct json *fill_time(int i, int events)
{
    char id[37], start[21], end[21];
    int64_t step = (int64_t)FILL_DAYS * 86400 / events, at = FILL_START + step * i;
    fill_id(id, "time", i);
    instant_format_utc(at, start);
    instant_format_utc(at + (i % 50 == 7 ? 10 * 86400 : 7200), end);
    struct json *o = json_new_object(), *list = json_new_array();
    json_put_str(o, "id", id);
    json_put_str(o, "startDate", start);
    json_put_str(o, "endDate", end);
    if (i % 97 == 5)
        json_put_str(o, "eventStatus", "EventCancelled");
    if (i % 10 == 3)
        json_put_bool(o, "full", true);
    json_put(list, NULL, o);
    return list;
}

static void fill_event(struct fill *f, int i, int events)
{
    char id[37], text[200];
    struct json *d = json_new_object(), *place = json_new_object(), *other = json_new_object(), *en = json_new_object();
    snprintf(text, sizeof text, "%s %d", fill_what[i % FILL_COUNT(fill_what)], i);
    json_put_str(d, "name", text);
    json_put_str(d, "inLanguage", "ru");
    snprintf(text, sizeof text, "Event %d", i);
    json_put_str(en, "name", text);
    json_put(other, "en", en);
    json_put(d, "translations", other);
    json_put_str(d, "description",
                 "Приглашаем всех желающих. Вход через главный вход, сменная обувь не нужна, чай на месте.");
    if (f->communities) {
        fill_id(id, "community", i % f->communities);
        json_put_str(d, "organizer", id);
        fill_community_name(text, i % f->communities);
        json_put_str(d, "organizerName", text);
    }
    json_put_str(place, "name", i % 2 ? "Дом культуры" : "Районная библиотека");
    json_put_str(place, "address", "ул. Школьная, 5");
    json_put(d, "location", place);
    json_put_str(d, "addressLocality", fill_cities[i % FILL_COUNT(fill_cities)]);
    json_put_str(d, "tz", "Europe/Moscow");
    json_put_bool(d, "isAccessibleForFree", i % 3 == 0);
    if (i % 4 == 0)
        json_put_int(d, "maximumAttendeeCapacity", 20);
    if (i % 5 == 0)
        json_put_bool(d, "accessible", true);
    if (i % 7 == 0)
        json_put_str(d, "typicalAgeRange", "7-12");
    if (i % 11 == 0)
        json_put_str(d, "eventAttendanceMode", "online");
    if (i % 13 == 0)
        json_put_str(d, "scope", i % 2 ? "city" : "state");
    json_put(d, "about", fill_about(i, i / 2 + 1));
    json_put(d, "subEvent", fill_time(i, events));
    fill_id(id, "event", i);
    fill_put(f, "event", id, d);
}

static void fill_remove(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[4200];
    for (int i = 0; i < FILL_COUNT(ends); i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

void fill_items(int events, int communities, fill_take *take, void *context)
{
    struct fill f = {.take = take, .context = context, .communities = communities};
    fill_check(crypto_init(NULL), NULL);
    fill_base(&f);
    for (int i = 0; i < communities; i++)
        fill_community(&f, i);
    for (int i = 0; i < events; i++)
        fill_event(&f, i, events);
}

void fill_replica(const char *path, int events, int communities)
{
    struct error e = {0};
    struct fill_target f = {0};
    bool damaged;
    struct zone *zone = zone_new("Europe/Moscow");
    fill_check(crypto_init(&e), &e);
    fill_remove(path);
    fill_check(replica_writer_open(&f.w, path, zone, false, &damaged, &e), &e);
    fill_items(events, communities, fill_into_replica, &f);
    if (f.bad)
        die("fill: %d bad items", f.bad);
    if (f.seq % 500 != 0)
        fill_commit(&f);
    fill_check(replica_set_checked(f.w, FILL_START, "\"fill\"", &e), &e);
    replica_writer_close(f.w);
    zone_free(zone);
}

#include "tests/support/town.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/date.h"
#include "kiosk/base/file.h"
#include "kiosk/store/ledger_sync.h"
#include "kiosk/store/replica_write.h"
#include "kiosk/ticket/crypto.h"
#include "tests/support/feed.h"

/* In a text, single quotes are double ones and "@1f" is an id: see town_json(). */
static const struct {
    const char *kind, *id, *d;
} town[] = {
    {"topic", "culture", "{'name':'Культура','inLanguage':'ru','position':1,'translations':{'en':{'name':'Culture'}}}"},
    {"topic", "sport", "{'name':'Спорт','inLanguage':'ru','position':2,'translations':{'en':{'name':'Sport'}}}"},
    {"topic", "neighbours", "{'name':'Соседи','inLanguage':'ru','position':3,'translations':{'en':{'name':'Neighbours'}}}"},
    {"topic", "it", "{'name':'Компьютеры','inLanguage':'ru','position':4,'translations':{'en':{'name':'Computers'}}}"},
    {"place", "b1", "{'name':'Библиотека на Садовой','inLanguage':'ru','address':'ул. Садовая, 14','addressLocality':'Заречинск',"
                    "'accessibility':'Вход без ступеней, зал на первом этаже','translations':{'en':{'name':'Sadovaya library'}}}"},
    {"community", "a1", "{'name':'Хор «Заря»','inLanguage':'ru','translations':{'en':{'name':'Zarya choir','joining':'Come and listen "
                        "once. No audition.','meets':'Mondays and Thursdays'}},"
                        "'description':'Народный хор, в котором поют от двадцати до восьмидесяти. Ноты знать не нужно.','about':['culture'],"
                        "'addressLocality':'Заречинск','address':'ул. Ленина, 40','telephone':'+7 000 551-11-17','email':"
                        "'zarya@zarechinsk.example','url':'https://zarechinsk.example/zarya','sameAs':['https://t.me/zarya_example',"
                        "'https://хор-заря.example'],'audience':'Всем, кто любит петь','typicalAgeRange':'18+','availableLanguage':['ru','tt'],"
                        "'joining':'Приходите послушать. Прослушивания нет.','meets':'По понедельникам и четвергам','meetsOn':['MO','TH'],"
                        "'companions':['alone'],'accessible':true,'price':'100 ₽ в месяц'}"},
    {"community", "a2", "{'name':'Скандинавская ходьба в парке «Берёзовая роща» для тех, кто только начинает и не хочет спешить','inLanguage':'ru',"
                        "'description':'Ходим не торопясь.','about':['sport'],'addressLocality':'Заречинск','typicalAgeRange':'55+','isAccessibleForFree':"
                        "true,'meetsOn':['TU','SA'],'companions':['alone','together'],'accessible':true}"},
    {"community", "a3", "{'name':'Банк времени','inLanguage':'ru','description':'Час за час: помогаем друг другу.','about':['neighbours'],"
                        "'addressLocality':'Новый Посад'}"},
    {"community", "a4", "{'name':'Coffee and Conversation','inLanguage':'en','description':'English over a cup of coffee, every Friday. "
                        "All levels are welcome.','about':['culture','neighbours'],'addressLocality':'Заречинск'}"},
    {"community", "a5", "{'name':'Компьютер с нуля','inLanguage':'ru','about':['it'],'addressLocality':'Новый Посад'}"},
    {"community", "a6", "{'name':'Ёлочка','inLanguage':'ru','about':['neighbours'],'addressLocality':'Заречинск'}"},
    {"event", "e1", "{'name':'Репетиция хора','inLanguage':'ru','translations':{'en':{'name':'Choir rehearsal','description':'Songs of "
                    "the Volga. Bring water.'}},'description':'Поём песни Поволжья. Возьмите воду.','organizer':'@a1','organizerName':'Хор «Заря»',"
                    "'location':{'id':'@b1','name':'Библиотека на Садовой','address':'ул. Садовая, 14'},'addressLocality':'Заречинск',"
                    "'isAccessibleForFree':true,'accessible':true,'maximumAttendeeCapacity':20,'typicalAgeRange':'18+','about':['culture'],"
                    "'url':'https://zarechinsk.example/zarya/1','rrule':'FREQ=WEEKLY;BYDAY=TU,TH','subEvent':["
                    "{'id':'@101','startDate':'2026-05-12T18:00:00+03:00','endDate':'2026-05-12T20:00:00+03:00'},"
                    "{'id':'@102','startDate':'2026-05-14T18:00:00+03:00','endDate':'2026-05-14T20:00:00+03:00','full':true},"
                    "{'id':'@103','startDate':'2026-05-19T18:00:00+03:00','endDate':'2026-05-19T20:00:00+03:00'}]}"},
    {"event", "e2", "{'name':'Выставка «Город и река: двести лет на одном берегу», фотографии, карты и письма из семейных собраний','inLanguage':"
                    "'ru','description':'Фотографии из семейных собраний.','location':{'name':'Городской музей','address':'пл. Мира, 2'},"
                    "'price':'150 ₽, детям 50 ₽','registration':'none','about':['culture'],'allDay':true,'subEvent':"
                    "[{'id':'@104','startDate':'2026-05-01','endDate':'2026-06-01'}]}"},
    {"event", "e3", "{'name':'Сход двора','inLanguage':'ru','description':'Обсудим детскую площадку.','location':{'name':'Двор дома 12'},"
                    "'isAccessibleForFree':true,'registration':'none','about':['neighbours'],'subEvent':[{'id':'@105','startDate':"
                    "'2026-05-12T19:00:00+03:00','endDate':'2026-05-12T20:00:00+03:00','eventStatus':'EventCancelled'}]}"},
    {"event", "e4", "{'name':'English over Coffee','inLanguage':'en','description':'Come and talk.','organizer':'@a4','organizerName':"
                    "'Coffee and Conversation','location':{'name':'Кафе «Мост»'},'price':'200 ₽','maximumAttendeeCapacity':8,'about':['culture'],"
                    "'subEvent':[{'id':'@106','startDate':'2026-05-15T17:00:00+03:00','endDate':'2026-05-15T18:30:00+03:00'}]}"},
    {"event", "e5", "{'name':'Субботник','inLanguage':'ru','description':'Инструмент дадим.','isAccessibleForFree':true,'location':{'name':"
                    "'Парк «Берёзовая роща»'},'about':['neighbours'],'allDay':true,'subEvent':[{'id':'@107','startDate':'2026-05-16',"
                    "'endDate':'2026-05-17'}]}"},
    {"event", "e6", "{'name':'Ночь музеев','inLanguage':'ru','description':'До двух часов ночи.','location':{'name':'Городской музей'},"
                    "'isAccessibleForFree':true,'maximumAttendeeCapacity':100,'about':['culture'],'subEvent':[{'id':'@108','startDate':"
                    "'2026-05-16T20:00:00+03:00','endDate':'2026-05-17T02:00:00+03:00'}]}"},
    {"event", "e7", "{'name':'Поход к истоку','inLanguage':'ru','description':'Две ночи в палатках.','price':'500 ₽','about':['sport'],"
                    "'eventStatus':'EventPostponed','subEvent':[{'id':'@109','startDate':'2026-05-22T09:00:00+03:00','endDate':"
                    "'2026-05-24T18:00:00+03:00'}]}"},
    {"event", "e8", "{'name':'Безопасный интернет','inLanguage':'ru','description':'Урок по видеосвязи.','isAccessibleForFree':true,"
                    "'eventAttendanceMode':'online','about':['it'],'subEvent':[{'id':'@110','startDate':'2026-06-03T11:00:00+03:00',"
                    "'endDate':'2026-06-03T12:00:00+03:00'}]}"},
    {"event", "e9", "{'name':'Читаем вслух','inLanguage':'ru','description':'По главе за вечер.','organizer':'@a6','organizerName':'Ёлочка',"
                    "'location':{'name':'Библиотека на Садовой'},'isAccessibleForFree':true,'about':['culture'],'subEvent':[{'id':'@111',"
                    "'startDate':'2026-05-13T17:00:00+03:00','endDate':'2026-05-13T18:30:00+03:00'}]}"},
};

static void town_check(enum err code, const struct error *e)
{
    if (code)
        die("town: %s", e->text);
}

/* Single quotes are double ones, "@1f" an id. */
static void town_json(char *out, size_t size, const char *d)
{
    size_t n = 0;
    for (; *d && n + 40 < size; d++) {
        if (*d == '\'') {
            out[n++] = '"';
        } else if (*d == '@' && d[-1] == '\'') {
            char hex[13], id[37];
            int len = (int)strspn(d + 1, "0123456789abcdef");
            snprintf(hex, sizeof hex, "%.*s", len, d + 1);
            memcpy(out + n, item_id(id, hex), 36);
            n += 36;
            d += len;
        } else {
            out[n++] = *d;
        }
    }
    out[n] = '\0';
}

static void town_replica(const char *path)
{
    struct error e;
    struct replica_writer *w;
    struct zone *zone = zone_new("Europe/Moscow");
    bool damaged;
    char d[4000], id[37];
    town_check(replica_writer_open(&w, path, zone, false, &damaged, &e), &e);
    for (size_t i = 0; i < sizeof town / sizeof town[0]; i++) {
        bool topic = strcmp(town[i].kind, "topic") == 0;
        town_json(d, sizeof d, town[i].d);
        if (item_put(w, town[i].kind, topic ? town[i].id : item_id(id, town[i].id), (int64_t)i + 1, d))
            die("town: %s %s is bad", town[i].kind, town[i].id);
    }
    town_check(replica_set_checked(w, INT64_C(1778580000), "", &e), &e); /* 2026-05-12T10:00:00Z */
    replica_writer_close(w);
    zone_free(zone);
}

static void town_add_key(struct buf *doc, const char *before, const uint8_t *pk, size_t n)
{
    buf_add_str(doc, before);
    crypto_b64(doc, pk, n);
}

static void town_ledger(const char *data)
{
    struct error e;
    struct ledger *l;
    struct clock clock = clock_test(INT64_C(1778580000000));
    uint8_t pk[CRYPTO_SIGN_PUBLIC], sk[CRYPTO_SIGN_SECRET], seal_pk[CRYPTO_SEAL_PUBLIC], seal_sk[CRYPTO_SEAL_SECRET];
    struct buf root, doc;
    char path[4096];
    crypto_sign_keys(pk, sk);
    crypto_seal_keys(seal_pk, seal_sk);
    buf_init(&root, 100);
    crypto_b64(&root, pk, sizeof pk);
    buf_init(&doc, 4096);
    town_add_key(&doc, "{\"v\":1,\"n\":1,\"root\":\"", pk, sizeof pk);
    town_add_key(&doc, "\",\"feed\":\"", pk, sizeof pk);
    town_add_key(&doc, "\",\"lease\":\"", pk, sizeof pk);
    town_add_key(&doc, "\",\"seal\":[{\"id\":\"x1\",\"pk\":\"", seal_pk, sizeof seal_pk);
    buf_add_str(&doc, "\"}]}");
    struct ledger_enrolment x = {.hub = "http://127.0.0.1:1", .kid = "abcdefghij", .name = "Библиотека на Садовой", .scope = "all",
                                 .host = "hub.example", .root_b64 = root.data, .epoch = 1, .inc = 1};
    town_check(ledger_open(&l, data, &clock, false, &e), &e);
    town_check(ledger_enrol(l, &x, &e), &e);
    town_check(ledger_set_keys(l, 1, doc.data, &e), &e);
    ledger_close(l);
    town_check(file_write(file_join(path, data, "kiosk.key"), sk, sizeof sk, 0600, &e), &e);
    buf_done(&root);
    buf_done(&doc);
}

void town_fill(const char *data)
{
    char path[4096];
    struct error e;
    town_check(crypto_init(&e), &e);
    town_replica(file_join(path, data, "replica.db"));
    town_ledger(data);
}

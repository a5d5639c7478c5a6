/* The tables of content, column by column. */
#include "sync/hub/import/import_csv.h"

#define CSV_COLUMN(...) {__VA_ARGS__}
#define CSV_TITLE(header) CSV_COLUMN(header, "name", CSV_TEXT, CONTENT_NAME, NULL, true, true)
#define CSV_KEY CSV_COLUMN("id", NULL, CSV_ID, 0, NULL, true, false)
#define CSV_LANG CSV_COLUMN("language", "inLanguage", CSV_LANGUAGE, 0, NULL, false, false)
#define CSV_END CSV_COLUMN(NULL, NULL, CSV_RAW, 0, NULL, false, false)
#define CSV_CITY CSV_COLUMN("city", "addressLocality", CSV_TEXT, CONTENT_NAME, NULL, false, false)
#define CSV_ABOUT CSV_COLUMN("description", "description", CSV_LINES, CONTENT_LONG, NULL, false, true)

static const struct csv_column csv_topics[] = {
    CSV_KEY,
    CSV_TITLE("name"),
    CSV_ABOUT,
    {"position", "position", CSV_INT, 0, NULL, false, false},
    CSV_LANG,
    CSV_END,
};

static const struct csv_column csv_cities[] = {
    CSV_KEY,
    CSV_TITLE("name"),
    {"region", "addressRegion", CSV_TEXT, CONTENT_NAME, NULL, false, true},
    {"timezone", "timezone", CSV_ZONE, 0, NULL, false, false},
    CSV_LANG,
    CSV_END,
};

static const struct csv_column csv_places[] = {
    CSV_KEY,
    CSV_TITLE("name"),
    CSV_ABOUT,
    {"address", "address", CSV_TEXT, CONTENT_TEXT, NULL, false, true},
    CSV_CITY,
    {"accessibility", "accessibility", CSV_TEXT, CONTENT_TEXT, NULL, false, true},
    {"latitude", "latitude", CSV_DEGREES, 90, NULL, false, false},
    {"longitude", "longitude", CSV_DEGREES, 180, NULL, false, false},
    {"url", "url", CSV_URL, 0, NULL, false, false},
    CSV_LANG,
    CSV_END,
};

static const struct csv_column csv_communities[] = {
    CSV_KEY,
    CSV_TITLE("name"),
    CSV_ABOUT,
    CSV_LANG,
    {"topics", "about", CSV_TOPICS, 0, NULL, false, false},
    {"url", "url", CSV_URL, 0, NULL, false, false},
    {"telegram", "sameAs", CSV_PROFILE, 0, "https://t.me/", false, false},
    {"vk", "sameAs", CSV_PROFILE, 0, "https://vk.com/", false, false},
    CSV_CITY,
    {"address", "address", CSV_TEXT, CONTENT_TEXT, NULL, false, true},
    {"phone", "telephone", CSV_TEXT, CONTENT_NAME, NULL, false, false},
    {"email", "email", CSV_TEXT, CONTENT_NAME, NULL, false, false},
    {"audience", "audience", CSV_TEXT, CONTENT_TEXT, NULL, false, true},
    {"age", "typicalAgeRange", CSV_TEXT, CONTENT_NAME, NULL, false, false},
    {"languages", "availableLanguage", CSV_WORDS, 8, NULL, false, false},
    {"joining", "joining", CSV_LINES, CONTENT_TEXT, NULL, false, true},
    {"meets", "meets", CSV_LINES, CONTENT_TEXT, NULL, false, true},
    {"days", NULL, CSV_RAW, 0, NULL, false, false},
    {"rules", "entryRules", CSV_LINES, CONTENT_TEXT, NULL, false, true},
    {"price", NULL, CSV_RAW, 0, NULL, false, false},
    {"accessible", NULL, CSV_RAW, 0, NULL, false, false},
    {"accessibility", "accessibility", CSV_TEXT, CONTENT_TEXT, NULL, false, true},
    {"online", NULL, CSV_RAW, 0, NULL, false, false},
    {"with", "companions", CSV_CHOICES, 0, "alone together child", false, false},
    CSV_END,
};

static const struct csv_column csv_events[] = {
    CSV_KEY,
    CSV_TITLE("title"),
    CSV_ABOUT,
    CSV_LANG,
    {"topics", "about", CSV_TOPICS, 0, NULL, false, false},
    {"url", "url", CSV_URL, 0, NULL, false, false},
    {"community", "organizer", CSV_COMMUNITY, 0, "organizerName", false, false},
    {"place", NULL, CSV_RAW, 0, NULL, false, false},
    {"city", NULL, CSV_RAW, 0, NULL, false, false},
    {"start", NULL, CSV_RAW, 0, NULL, true, false},
    {"time", NULL, CSV_RAW, 0, NULL, false, false},
    {"end", NULL, CSV_RAW, 0, NULL, false, false},
    {"timezone", NULL, CSV_RAW, 0, NULL, false, false},
    {"rrule", NULL, CSV_RAW, 0, NULL, false, false},
    {"until", NULL, CSV_RAW, 0, NULL, false, false},
    {"exdates", NULL, CSV_RAW, 0, NULL, false, false},
    {"moved_from", NULL, CSV_RAW, 0, NULL, false, false},
    {"price", NULL, CSV_RAW, 0, NULL, false, false},
    {"seats", NULL, CSV_RAW, 0, NULL, false, false},
    {"registration", NULL, CSV_RAW, 0, NULL, false, false},
    {"age", "typicalAgeRange", CSV_TEXT, CONTENT_NAME, NULL, false, false},
    {"languages", "availableLanguage", CSV_WORDS, 8, NULL, false, false},
    {"scope", "scope", CSV_CHOICE, 0, "community city state", false, false},
    {"accessible", NULL, CSV_RAW, 0, NULL, false, false},
    {"online", NULL, CSV_RAW, 0, NULL, false, false},
    {"status", NULL, CSV_RAW, 0, NULL, false, false},
    {"questions", NULL, CSV_RAW, 0, NULL, false, false},
    CSV_END,
};

static const struct csv_column csv_resources[] = {
    CSV_KEY,
    CSV_TITLE("name"),
    CSV_ABOUT,
    CSV_LANG,
    {"topics", "about", CSV_TOPICS, 0, NULL, false, false},
    {"url", "url", CSV_URL, 0, NULL, false, false},
    CSV_CITY,
    {"community", "provider", CSV_COMMUNITY, 0, "providerName", false, false},
    {"direction", "direction", CSV_CHOICE, 0, "offer want", false, false},
    {"type", "resourceType", CSV_CHOICE, 0, "room equipment skill transport volunteers", false, false},
    {"address", "address", CSV_TEXT, CONTENT_TEXT, NULL, false, true},
    {"when", "availability", CSV_LINES, CONTENT_TEXT, NULL, false, true},
    {"conditions", "entryRules", CSV_LINES, CONTENT_TEXT, NULL, false, true},
    CSV_END,
};

static const struct csv_column csv_articles[] = {
    CSV_KEY,
    CSV_TITLE("title"),
    {"summary", "description", CSV_LINES, CONTENT_LONG, NULL, false, true},
    CSV_LANG,
    {"topics", "about", CSV_TOPICS, 0, NULL, false, false},
    {"url", "url", CSV_URL, 0, NULL, false, false},
    {"body", "articleBody", CSV_LINES, CONTENT_BODY, NULL, false, true},
    {"related", "related", CSV_REFS, 4, "article", false, false},
    CSV_END,
};

static const struct csv_column csv_calls[] = {
    CSV_KEY,
    CSV_TITLE("title"),
    CSV_ABOUT,
    CSV_LANG,
    {"topics", "about", CSV_TOPICS, 0, NULL, false, false},
    {"url", "url", CSV_URL, 0, NULL, false, false},
    {"type", "callType", CSV_CHOICE, 0, "grant internship mentoring volunteering workshop", false, false},
    {"deadline", "validThrough", CSV_DATE, 0, NULL, false, false},
    {"organizer", "organizerName", CSV_TEXT, CONTENT_NAME, NULL, false, true},
    {"community", "organizer", CSV_COMMUNITY, 0, "organizerName", false, false},
    CSV_CITY,
    {"address", "address", CSV_TEXT, CONTENT_TEXT, NULL, false, true},
    {"phone", "telephone", CSV_TEXT, CONTENT_NAME, NULL, false, false},
    {"email", "email", CSV_TEXT, CONTENT_NAME, NULL, false, false},
    {"audience", "audience", CSV_TEXT, CONTENT_TEXT, NULL, false, true},
    {"age", "typicalAgeRange", CSV_TEXT, CONTENT_NAME, NULL, false, false},
    {"applying", "joining", CSV_LINES, CONTENT_TEXT, NULL, false, true},
    {"event", "event", CSV_REF, 0, "event", false, false},
    CSV_END,
};

static const struct csv_column csv_notices[] = {
    CSV_KEY,
    CSV_TITLE("title"),
    {"text", "description", CSV_LINES, CONTENT_LONG, NULL, false, true},
    CSV_LANG,
    {"url", "url", CSV_URL, 0, NULL, false, false},
    {"until", "validThrough", CSV_DATE, 0, NULL, false, false},
    CSV_END,
};

const struct csv_table csv_tables[] = {
    {"topics", "topic", csv_topics, NULL},
    {"cities", "city", csv_cities, NULL},
    {"places", "place", csv_places, NULL},
    {"communities", "community", csv_communities, import_csv_community},
    {"events", "event", csv_events, import_csv_event},
    {"resources", "resource", csv_resources, NULL},
    {"articles", "article", csv_articles, NULL},
    {"calls", "call", csv_calls, NULL},
    {"notices", "notice", csv_notices, NULL},
    {NULL, NULL, NULL, NULL},
};

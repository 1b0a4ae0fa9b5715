"""Other words for what tables and columns are called, in English in general."""

from __future__ import annotations

# A word in a name and other words for it.
WORDS: dict[str, tuple[str, ...]] = {
    "total": ("amount",), "temp": ("temperature",), "max": ("maximum", "highest", "high"),
    "min": ("minimum", "lowest", "low"), "qty": ("quantity",), "quantity": ("qty",), "amt": ("amount",),
    "num": ("number",), "no": ("number",), "nr": ("number",), "avg": ("average",), "mass": ("weight",),
    "weight": ("mass",), "email": ("e-mail", "mail", "email address"), "phone": ("telephone", "phone number"),
    "precipitation": ("rain", "rainfall"), "wind": ("wind speed", "wind strength"), "country": ("nation",),
    "city": ("town",), "dob": ("birth date", "date of birth", "birthday"), "sex": ("gender",), "gender": ("sex",),
    "dept": ("department",), "postal": ("post", "zip"), "desc": ("description",), "addr": ("address",),
    "fname": ("first name",), "lname": ("last name", "surname"), "price": ("prices",), "duration": ("length",),
    "hire": ("hiring",), "customer": ("client", "spender", "buyer"), "client": ("customer",),
        "employee": ("staff member",),
    "physician": ("doctor",), "doctor": ("physician",), "student": ("pupil",), "pupil": ("student",),
    "mark": ("grade",), "grade": ("mark",), "score": ("points",), "fax": ("fax number",), "id": ("identifier",),
    "lat": ("latitude",), "lon": ("longitude",), "lng": ("longitude",), "bytes": ("file size",), "species": ("kind",),
    "bill": ("beak",), "beak": ("bill",), "flipper": ("wing",), "category": ("type",), "delay": ("lateness",),
}  # fmt: skip

# A run of words in a name and other runs for it.
RUNS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("milliseconds", ): ("length", "duration", "playing time", "running time", "play time", "track length",
        "run time", "time", "playtime"),
    ("temp", "max"): ("high", "daily high", "high temperature", "maximum", "top temperature", "daily maximum",
        "day's high", "daytime high", "day high", "daytime temperature", "day temperature", "afternoon temperature",
        "top of the day", "highest temperature of the day", "daytime maximum", "day maximum"),
    ("temp", "min"): ("low", "daily low", "low temperature", "minimum", "daily minimum", "night temperature",
        "day's low", "nighttime low", "overnight low", "night low", "nightly low", "night minimum",
        "nighttime temperature", "lowest temperature of the day", "overnight temperature"),
    ("max", "temp"): ("high", "daily high", "high temperature", "maximum", "daily maximum"),
    ("min", "temp"): ("low", "daily low", "low temperature", "minimum", "daily minimum"),
    ("weather", ): ("type of weather", "weather type", "kind of weather", "weather category", "weather class",
        "category of weather", "weather label", "weather condition", "weather conditions", "label"),
    ("birth", "date"): ("date of birth", "birthday"),
    ("hire", "date"): ("date of hire", "start date", "hiring date"),
    ("support", "rep", "id"): ("support rep", "support agent", "agent", "rep", "sales agent", "sales support agent",
        "support representative",
        "sales support representative", "sales rep", "sales representative", "account manager"),
    ("reports", "to"): ("boss", "manager", "supervisor", "superior"),
    ("manager", "id"): ("boss", "manager", "supervisor", "superior"),
    ("mother", "id"): ("mother",),
    ("postal", "code"): ("zip code", "zip", "postcode", "post code"),
    ("stock", "code"): ("product code", "sku"),
    ("unit", "price"): ("price per unit", "price of one unit", "price of a unit", "price for one unit", "price a unit",
        "price of a single unit", "price for a unit"),
    ("bytes",): ("size", "file size", "size in bytes"),
    ("gdp",): ("gross domestic product",),
}  # fmt: skip

# What the things of a table are besides its name.
KINDS: dict[str, tuple[str, ...]] = {
    "mark": ("exam", "grade", "result"), "ward": ("unit", "department"), "carrier": ("airline",),
    "penguin": ("bird", "animal", "specimen", "individual"), "bird": ("animal", "specimen"), "dog": ("animal",),
    "cat": ("animal",), "track": ("song", "piece", "tune", "recording"),
    "artist": ("band", "musician", "performer", "musical act"), "album": ("record", "disc", "lp"),
    "genre": ("style", "music", "kind of music", "music style", "style of music"),
    "employee": ("staff", "worker", "colleague", "staff member", "member of staff", "team member", "members of staff",
        "member of the staff", "person", "people"),
    "customer": ("client", "buyer", "shopper", "person", "people", "spender", "purchaser", "patron", "account"),
        "patient": ("person", "people"),
    "student": ("pupil", "person", "people"), "passenger": ("person", "people", "traveller"),
    "teacher": ("person", "people"), "person": ("people",), "visit": ("stay",), "reading": ("measurement",),
    "measurement": ("reading",), "movie": ("film",), "film": ("movie",), "car": ("vehicle",), "vehicle": ("car",),
    "user": ("person", "people"), "member": ("person", "people"), "wine": ("bottle",), "exam": ("test",),
    "test": ("exam",), "weather": ("day", "night"), "invoice": ("bill",),
    "order": ("purchase",),
}  # fmt: skip

# What a row is called where a table has one row for each value of a column.
UNITS_OF_TIME = {"day": ("day", "days", "date", "dates"), "month": ("month", "months"), "year": ("year", "years")}

IDENTIFIERS = frozenset({"id", "no", "number", "nr", "num", "code", "key", "identifier"})
ADDITIVE = frozenset({
    "quantity", "qty", "unit", "amount", "revenue", "sale", "turnover", "total", "subtotal", "cost", "profit", "tax",
    "fee", "discount", "spend", "payment", "income", "expense", "precipitation", "rain", "rainfall", "passenger",
        "seat", "goal", "point",
})  # fmt: skip
MONEY = ("revenue", "amount", "total", "sale", "turnover", "fare", "charge", "fee", "cost", "price")
# Words for money taken, where a semantic model names no metric by them.
TAKINGS = (
    "revenue",
    "turnover",
    "money",
    "takings",
    "income",
    "sales",
    "earnings",
    "spend",
    "spending",
    "amount",
    "dollars",
    "pounds",
    "euros",
    "amount spent",
    "value",
    "billing",
    "billings",
    "spendings",
    "proceeds",
)
FIRST_NAMES = (("first", "name"), ("firstname",), ("given", "name"), ("forename",), ("fname",))
LAST_NAMES = (("last", "name"), ("lastname",), ("surname",), ("family", "name"), ("lname",))
NAMES = (("name",), ("full", "name"), ("title",), ("label",), ("description",))
NAME_WORDS = (
    "name",
    "names",
    "full name",
    "full names",
    "first and last name",
    "first and last names",
    "title",
    "titles",
    "first name and last name",
    "first names and last names",
    "first name and surname",
)
KEY_WORDS = ("number", "numbers", "id", "ids", "code", "codes", "identifier", "identifiers")
JOB_WORDS = ("job title", "job titles", "position", "role", "job", "title")
# Words of names whose things answer "who".
PERSONS = frozenset({
    "customer", "client", "employee", "artist", "composer", "author", "user", "student", "patient", "doctor",
        "physician", "teacher",
    "person", "passenger", "member", "player", "driver", "pilot", "supplier", "vendor", "seller", "agent", "rep",
        "buyer", "nurse",
    "manager", "owner", "guest", "band", "singer", "writer", "actor", "director", "lecturer", "staff", "worker",
        "researcher", "crew",
})  # fmt: skip
# Words of columns that hold how many pieces were sold.
PIECES = frozenset({"quantity", "qty", "units"})
# Words by which an amount is that of one row.
OF_ONE_ROW = frozenset({"ever", "any", "single", "one", "line", "lines", "row", "rows", "item", "record", "records"})
# Words of times that happen once in the life of what has them.
LIVES = frozenset({
    "hire", "hired", "hiring", "birth", "born", "birthday", "dob", "death", "died", "founded", "established",
    "employed", "graduated", "retired",
})  # fmt: skip

"""Three small made worlds, the same every time: a hospital, an airline and a school, as tables with foreign keys."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

Row = tuple[object, ...]
SEED = 20_240_229

DECLARATIONS = """
CREATE TABLE wards (ward_id INTEGER PRIMARY KEY, ward_name TEXT, floor INTEGER, beds INTEGER);
CREATE TABLE patients (patient_id INTEGER PRIMARY KEY, full_name TEXT, sex TEXT, birth_date DATE, city TEXT,
  blood_type TEXT);
CREATE TABLE visits (visit_id INTEGER PRIMARY KEY, patient_id INTEGER REFERENCES patients (patient_id),
  ward_id INTEGER REFERENCES wards (ward_id), admitted_on DATE, discharged_on DATE, diagnosis TEXT,
  cost DECIMAL(10,2));
CREATE TABLE airports (code TEXT PRIMARY KEY, airport_name TEXT, city TEXT, country TEXT, elevation_m INTEGER);
CREATE TABLE flights (flight_id INTEGER PRIMARY KEY, carrier TEXT, origin TEXT REFERENCES airports (code),
  destination TEXT REFERENCES airports (code), departed_at TIMESTAMP, delay_minutes INTEGER, distance_km INTEGER,
  passengers INTEGER, cancelled TEXT);
CREATE TABLE students (student_id INTEGER PRIMARY KEY, student_name TEXT, class TEXT, birth_year INTEGER);
CREATE TABLE courses (course_id INTEGER PRIMARY KEY, course_title TEXT, teacher TEXT, hours_per_week INTEGER);
CREATE TABLE marks (mark_id INTEGER PRIMARY KEY, student_id INTEGER REFERENCES students (student_id),
  course_id INTEGER REFERENCES courses (course_id), exam_date DATE, points INTEGER);
"""
TABLES = ("wards", "patients", "visits", "airports", "flights", "students", "courses", "marks")

WARDS = (("Cardiology", 2, 24), ("Maternity", 3, 18), ("Surgery", 1, 30), ("Paediatrics", 3, 20), ("Oncology", 4, 16),
         ("Dermatology", 0, 8), ("Burns Unit", 1, 6))  # fmt: skip
FIRST = ("Ada", "Boris", "Clara", "Dmitri", "Elena", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Karin", "Luca",
         "Marta", "Nils", "Olga", "Pavel", "Rosa", "Sven", "Tilda", "Ugo")  # fmt: skip
LAST = ("Abel", "Brandt", "Costa", "Dahl", "Egger", "Fuchs", "Gallo", "Holm", "Ivanov", "Jansen", "Keller", "Lund")
CITIES = ("Bergen", "Graz", "Leipzig", "Porto", "Turin", "Zagreb")
DIAGNOSES = ("asthma", "appendicitis", "fracture", "pneumonia", "migraine", "diabetes", "burn", "birth")
AIRPORTS = (
    ("BGO", "Flesland", "Bergen", "Norway", 50), ("OSL", "Gardermoen", "Oslo", "Norway", 208),
    ("GRZ", "Thalerhof", "Graz", "Austria", 340), ("VIE", "Schwechat", "Vienna", "Austria", 183),
    ("OPO", "Sá Carneiro", "Porto", "Portugal", 69), ("LIS", "Humberto Delgado", "Lisbon", "Portugal", 114),
    ("ZAG", "Pleso", "Zagreb", "Croatia", 108), ("TRN", "Caselle", "Turin", "Italy", 301),
    ("FNC", "Madeira", "Funchal", "Portugal", 58),
)  # fmt: skip
CARRIERS = ("Northwind", "Alpine Air", "Lusitania", "Adria Jet")
COURSES = (("Algebra", "Mrs Lind", 4), ("Biology", "Mr Okafor", 3), ("Chemistry", "Mr Okafor", 3),
           ("Drawing", "Ms Vega", 2), ("English", "Mrs Lind", 4), ("Geography", "Mr Sato", 2),
           ("Latin", "Ms Vega", 3))  # fmt: skip
CLASSES = ("7A", "7B", "8A", "8B")


def rows(table: str) -> list[Row]:
    """The rows of a table, in the order of its columns."""
    made = {"wards": _wards, "patients": _patients, "visits": _visits, "airports": _airports, "flights": _flights,
            "students": _students, "courses": _courses, "marks": _marks}  # fmt: skip
    return list(made[table](random.Random(f"{SEED} {table}")))


def write(path: Path) -> Path:
    """Write all tables into a new SQLite file."""
    database = sqlite3.connect(path)
    database.executescript(DECLARATIONS)
    for table in TABLES:
        _insert(database, table, [[_text(value) for value in row] for row in rows(table)])
    database.commit()
    database.close()
    return path


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Make all tables in a DuckDB connection."""
    connection.execute(DECLARATIONS)
    for table in TABLES:
        columns = [pa.array(column) for column in zip(*rows(table), strict=True)]
        connection.register("made", pa.table(columns, [f"column_{number}" for number in range(len(columns))]))
        connection.execute(f"INSERT INTO {table} SELECT * FROM made")


def _insert(database: sqlite3.Connection, table: str, made: Sequence[Sequence[object]]) -> None:
    database.executemany(f"INSERT INTO {table} VALUES ({_marks_for(made)})", made)


def _marks_for(made: Sequence[Sequence[object]]) -> str:
    return ", ".join("?" * len(made[0]))


def _text(value: object) -> object:
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value) if isinstance(value, date) else value


def _wards(_dice: random.Random) -> Iterator[Row]:
    yield from ((number, *ward) for number, ward in enumerate(WARDS, 1))


def _patients(dice: random.Random) -> Iterator[Row]:
    for number in range(1, 161):
        born = date(1935, 1, 1) + timedelta(days=dice.randrange(31_000))
        name = f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]}"
        blood = dice.choice(("0", "A", "B", "AB", None))
        yield number, name, dice.choice(("female", "male")), born, dice.choice(CITIES), blood


def _visits(dice: random.Random) -> Iterator[Row]:
    for number in range(1, 601):
        # The last ward never had a visit, nor had the last patients.
        ward = dice.choices(range(1, len(WARDS)), weights=(5, 3, 6, 4, 2, 1))[0]
        admitted = date(2022, 1, 1) + timedelta(days=dice.randrange(1096))
        discharged = None if dice.random() < 0.04 else admitted + timedelta(days=dice.randrange(1, 21))
        cost = None if discharged is None else f"{dice.randrange(12_000, 900_000) / 100:.2f}"
        yield number, dice.randrange(1, 151), ward, admitted, discharged, dice.choice(DIAGNOSES), cost


def _airports(_dice: random.Random) -> Iterator[Row]:
    yield from AIRPORTS


def _flights(dice: random.Random) -> Iterator[Row]:
    used = [airport[0] for airport in AIRPORTS[:-1]]
    for number in range(1, 1501):
        origin, destination = dice.sample(used, 2)
        at = datetime(2023, 1, 1) + timedelta(minutes=dice.randrange(730 * 24 * 12) * 5)
        cancelled = "yes" if dice.random() < 0.05 else "no"
        delay = None if cancelled == "yes" else max(-15, round(dice.gauss(9, 25)))
        passengers = 0 if cancelled == "yes" else dice.randrange(30, 190)
        carrier = dice.choices(CARRIERS, weights=(5, 3, 4, 2))[0]
        yield number, carrier, origin, destination, at, delay, dice.randrange(200, 2900), passengers, cancelled


def _students(dice: random.Random) -> Iterator[Row]:
    for number in range(1, 97):
        name = f"{FIRST[number * 7 % len(FIRST)]} {LAST[number * 5 % len(LAST)]} {number}"
        yield number, name, CLASSES[number % len(CLASSES)], 2010 + dice.randrange(3)


def _courses(_dice: random.Random) -> Iterator[Row]:
    yield from ((number, *course) for number, course in enumerate(COURSES, 1))


def _marks(dice: random.Random) -> Iterator[Row]:
    number = 0
    for student in range(1, 95):
        # Nobody sits an exam in the last course.
        for course in dice.sample(range(1, len(COURSES)), 4):
            number += 1
            held = date(2024, 1, 15) + timedelta(days=dice.randrange(150))
            points = None if dice.random() < 0.03 else min(100, max(0, round(dice.gauss(62, 17))))
            yield number, student, course, held, points

"""Every verb, one entry each: the doors take parameters, defaults, help and errors from here."""

from __future__ import annotations

from lakebook.catalog import models as catalog
from lakebook.dashboards import models as dashboards
from lakebook.demo import models as demo
from lakebook.ingest import models as ingest
from lakebook.jobs import models as jobs
from lakebook.ml import requests as ml
from lakebook.ml.model_version import ModelVersion
from lakebook.pipelines import models as pipelines
from lakebook.query import models as query
from lakebook.streaming import models as streaming
from lakebook.verb import Listing, Verb

VERBS: tuple[Verb, ...] = (
    Verb("ingest", ingest.IngestRequest, ingest.IngestResult, "lakebook.ingest.accept:ingest",
         "Make a checked, profiled, versioned table of a file.", "POST", "/ingest", "write",
         job="ingestion", prepare="lakebook.ingest.accept:prepare", magic="%ingest", panel=True),
    Verb("datasets.list", catalog.DatasetsRequest, Listing[catalog.Dataset], "lakebook.catalog.verbs:list_datasets",
         "List the tables of the lake.", "GET", "/datasets", "read", magic="%lake datasets", panel=True),
    Verb("datasets.show", catalog.DatasetRequest, catalog.DatasetDetail, "lakebook.catalog.verbs:show_dataset",
         "Show one table: its profile, first rows, versions and origin.", "GET", "/datasets/{dataset}", "read",
         panel=True),
    Verb("datasets.rename", catalog.RenameRequest, catalog.Dataset, "lakebook.catalog.verbs:rename_dataset",
         "Give a table another name.", "PATCH", "/datasets/{dataset}", "write", panel=True),
    Verb("datasets.delete", catalog.DatasetRequest, catalog.Dataset, "lakebook.catalog.verbs:delete_dataset",
         "Delete a table; it can be brought back for 7 days.", "DELETE", "/datasets/{dataset}", "write", panel=True),
    Verb("datasets.restore", catalog.RestoreRequest, catalog.Dataset, "lakebook.catalog.verbs:restore_dataset",
         "Bring a deleted table back, or a table back to an older version.", "POST", "/datasets/{dataset}/restore",
         "write", panel=True),
    Verb("profile", catalog.ProfileRequest, catalog.DataProfile, "lakebook.catalog.verbs:profile",
         "Show a table's profile: types, nulls, distinct values, quality, duplicates.", "GET",
         "/datasets/{dataset}/profile", "read", seed=(("GET", "/data/profile/{dataset}"),), magic="%profile",
         panel=True),
    Verb("validate", query.ValidateRequest, query.ValidateResult, "lakebook.query.verbs:validate",
         "Say whether the guard lets a statement run, and why not.", "POST", "/query/validate", "read"),
    Verb("query", query.QueryRequest, query.AnswerResult, "lakebook.query.verbs:query",
         "Run one guarded, read-only SELECT.", "POST", "/query", "read", panel=True),
    Verb("ask", query.AskRequest, query.AnswerResult, "lakebook.query.verbs:ask",
         "Answer a question in words, or say which words are not understood.", "POST", "/ask", "read",
         seed=(("POST", "/query/natural"),), magic="%ask", panel=True),
    Verb("train", ml.TrainRequest, ModelVersion, "lakebook.ml.verbs:train",
         "Train, compare and register a model that predicts a column.", "POST", "/models", "execute",
         seed=(("POST", "/ml/train"),), job="training", prepare="lakebook.ml.verbs:prepare", magic="%train"),
    Verb("models.list", ml.ModelsRequest, Listing[ModelVersion], "lakebook.ml.verbs:list_models",
         "List the registered models.", "GET", "/models", "read", magic="%lake models", panel=True),
    Verb("models.show", ml.ModelRequest, ModelVersion, "lakebook.ml.verbs:show_model",
         "Show one model: scores, baselines, features.", "GET", "/models/{model}", "read", panel=True),
    Verb("predict", ml.PredictRequest, ml.PredictResult, "lakebook.ml.verbs:predict",
         "Predict rows with a registered model.", "POST", "/predict", "read", seed=(("POST", "/ml/predict"),),
         magic="%predict"),
    Verb("run", pipelines.RunRequest, pipelines.Run, "lakebook.pipelines.verbs:run",
         "Run a notebook with parameters and keep what it did.", "POST", "/runs", "execute", job="pipeline",
         prepare="lakebook.pipelines.verbs:prepare"),
    Verb("runs.list", pipelines.RunsRequest, Listing[pipelines.Run], "lakebook.pipelines.verbs:list_runs",
         "List the runs of notebooks.", "GET", "/runs", "read", magic="%lake runs", panel=True),
    Verb("runs.show", pipelines.RunIdRequest, pipelines.Run, "lakebook.pipelines.verbs:show_run",
         "Show one run.", "GET", "/runs/{run}", "read", panel=True),
    Verb("schedule", pipelines.ScheduleRequest, pipelines.Schedule, "lakebook.pipelines.schedules:schedule",
         "Run a notebook by the clock.", "POST", "/schedules", "execute", magic="%schedule"),
    Verb("schedules.list", pipelines.SchedulesRequest, Listing[pipelines.Schedule],
         "lakebook.pipelines.schedules:list_schedules", "List the schedules.", "GET", "/schedules", "read",
         panel=True),
    Verb("schedules.delete", pipelines.ScheduleNameRequest, pipelines.Schedule,
         "lakebook.pipelines.schedules:delete_schedule", "Delete a schedule.", "DELETE", "/schedules/{schedule}",
         "write", panel=True),
    Verb("publish", dashboards.PublishRequest, dashboards.Published, "lakebook.dashboards.publish:publish",
         "Run a notebook once and keep its page for people who have only the link.", "POST", "/dashboards/publish",
         "execute", job="publish", prepare="lakebook.dashboards.publish:prepare", magic="%publish"),
    Verb("dashboards.list", dashboards.DashboardsRequest, Listing[dashboards.Dashboard],
         "lakebook.dashboards.verbs:list_dashboards", "List the dashboards.", "GET", "/dashboards", "read", panel=True),
    Verb("dashboards.create", dashboards.DashboardCreate, dashboards.Dashboard,
         "lakebook.dashboards.verbs:create_dashboard", "Store a dashboard's configuration.", "POST", "/dashboards",
         "write"),
    Verb("dashboards.show", dashboards.DashboardRequest, dashboards.Dashboard,
         "lakebook.dashboards.verbs:show_dashboard", "Show one dashboard.", "GET", "/dashboards/{dashboard}", "read",
         panel=True),
    Verb("dashboards.delete", dashboards.DashboardRequest, dashboards.Dashboard,
         "lakebook.dashboards.verbs:delete_dashboard", "Delete a dashboard; its links stop working.", "DELETE",
         "/dashboards/{dashboard}", "write", panel=True),
    Verb("stream", streaming.StreamRequest, streaming.StreamResult, "lakebook.streaming.verbs:stream",
         "Send rows to a topic, for live tiles.", "POST", "/stream", "write"),
    Verb("demo", demo.DemoRequest, demo.DemoResult, "lakebook.demo.verbs:demo",
         "Make a folder with a shop's data and the notebooks of the tour.", "POST", "/demo", "write", panel=True),
    Verb("jobs.list", jobs.JobsRequest, Listing[jobs.Job], "lakebook.jobs.verbs:list_jobs",
         "List the jobs, newest first.", "GET", "/jobs", "read", magic="%lake jobs", panel=True),
    Verb("jobs.show", jobs.JobRequest, jobs.Job, "lakebook.jobs.verbs:show_job",
         "Show one job.", "GET", "/jobs/{job}", "read", seed=(("GET", "/data/job/{job}"),), panel=True),
    Verb("jobs.cancel", jobs.JobRequest, jobs.Job, "lakebook.jobs.verbs:cancel_job",
         "Cancel a job.", "POST", "/jobs/{job}/cancel", "write", panel=True),
    Verb("jobs.retry", jobs.JobRequest, jobs.Job, "lakebook.jobs.verbs:retry_job",
         "Start a failed or cancelled job again.", "POST", "/jobs/{job}/retry", "write", panel=True),
)  # fmt: skip

BY_NAME: dict[str, Verb] = {verb.name: verb for verb in VERBS}

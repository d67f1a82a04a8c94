from django.db import migrations
from django.utils import timezone

from portal.workdays.published import PUBLISHED_IN, published_days, published_years


def fill(apps, schema_editor):
    """Write the years that are published, and the version that processes compare."""
    alias = schema_editor.connection.alias
    day_model = apps.get_model("workdays", "CalendarDay")
    year_model = apps.get_model("workdays", "CalendarYear")
    moment = timezone.now()
    for year in published_years():
        year_model.objects.using(alias).create(
            year=year, source=PUBLISHED_IN, imported_at=moment, imported_by=""
        )
        day_model.objects.using(alias).bulk_create(
            day_model(date=day.date, kind=day.kind, name=day.name) for day in published_days(year)
        )
    apps.get_model("workdays", "CalendarVersion").objects.using(alias).create(pk=1)


def empty(apps, schema_editor):
    """Take everything out again; the tables go with the migration before."""
    for name in ("CalendarDay", "CalendarYear", "CalendarVersion"):
        apps.get_model("workdays", name).objects.using(
            schema_editor.connection.alias
        ).all().delete()


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial")]

    operations = [migrations.RunPython(fill, empty)]

"""One urn of a survey holds sheets and words; before, each question in own words had its row."""

from django.db import migrations

import portal.personal_data.fields


class Migration(migrations.Migration):
    dependencies = [("union", "0016_accused_unit_index")]

    operations = [
        migrations.AddField(
            model_name="answerurn",
            name="words",
            field=portal.personal_data.fields.EncryptedTextField(default="{}"),
        ),
    ]

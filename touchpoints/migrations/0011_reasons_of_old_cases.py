from typing import Any

from django.db import migrations, models


def give_old_cases_reasons(apps: Any, _schema_editor: Any) -> None:
    """Their causes were free text: it stays in the note, and the tree says “other”."""
    types, cases, reasons = (apps.get_model("touchpoints", it) for it in ("TouchpointType", "Case", "CaseReason"))
    types.objects.filter(canonical=None).update(canonical_id=models.F("id"))
    old = cases.objects.filter(state__in=["resolved", "closed"])
    if not old.exists():
        return
    cause = reasons.objects.create(
        kind="root_cause", key="other_cause", label_de="Sonstige Ursache", label_en="Other cause", position=99
    )
    resolution = reasons.objects.create(
        kind="resolution", key="other_resolution", label_de="Sonstige Lösung", label_en="Other resolution", position=99
    )
    for case in old.iterator():
        note = f"{case.old_root_cause}: {case.resolution_note}"
        cases.objects.filter(pk=case.pk).update(root_cause=cause, resolution=resolution, resolution_note=note)


class Migration(migrations.Migration):
    dependencies = [
        ("touchpoints", "0010_vocabulary_and_cases"),
    ]

    operations = [
        migrations.RunPython(give_old_cases_reasons, migrations.RunPython.noop),
        migrations.RunSQL("set constraints all immediate", migrations.RunSQL.noop),
        migrations.RemoveField(model_name="case", name="old_root_cause"),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["resolved", "closed"]), _negated=True),
                    models.Q(
                        ("resolution__isnull", False), ("resolved_at__isnull", False), ("root_cause__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="case_state_resolution_check",
            ),
        ),
    ]

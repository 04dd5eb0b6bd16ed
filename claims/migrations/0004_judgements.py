import django.db.models.deletion
import kb.lib.fields
import kb.lib.validators
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0001_initial'),
        ('claims', '0003_skipped_figures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Judgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('same', 'the same'), ('different', 'different'), ('unsure', 'unsure')], max_length=9, verbose_name='verdict')),
                ('why', kb.lib.fields.Line(blank=True, max_length=500, validators=[kb.lib.validators.validate_line], verbose_name='why')),
                ('judged_at', models.DateTimeField(verbose_name='judged at')),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='companies.entity', verbose_name='first')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='companies.entity', verbose_name='second')),
                ('judged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='judgements', to=settings.AUTH_USER_MODEL, verbose_name='judged by')),
            ],
            options={
                'verbose_name': 'judgement',
                'verbose_name_plural': 'judgements',
                'ordering': ('-pk',),
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ['same', 'different', 'unsure'])), name='claims_judgement_verdict_known'), models.CheckConstraint(condition=models.Q(('first', models.F('second')), _negated=True), name='claims_judgement_of_two')],
            },
        ),
    ]

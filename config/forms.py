from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Every form and field of our pages from templates/forms; the admin has its own."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

from django import template
from django.template.defaultfilters import stringfilter

from accounts.visible import visible

register = template.Library()
# The names put in hold no markup, so HTML that was safe stays safe.
register.filter("visible", stringfilter(visible), is_safe=True)

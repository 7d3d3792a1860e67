from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.viewsets import Changing, ConditionalViewSet, Creating
from accounts.models import Scope
from customers.actions import tag_customer, untag_customer
from customers.actions.identities import IdentityTakenError
from customers.api.conflicts import identity_known
from customers.api.noting import Noted
from customers.api.paging import PeoplePagination
from customers.api.serializers import CustomerSerializer, NewCustomerSerializer
from customers.filters import CustomerFilterSet
from customers.models import Customer, Tag

# What is written is answered, so a key that writes must be allowed to read.
WRITING = (Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE)
SCOPES = {"GET": Scope.CUSTOMERS_READ, "POST": WRITING, "PATCH": WRITING, "PUT": WRITING, "DELETE": WRITING}
TAG_KEY = OpenApiParameter("key", OpenApiTypes.STR, OpenApiParameter.PATH, description="The key of a tag.")


class CustomerViewSet(Noted, Creating, Changing, ConditionalViewSet):
    """Records of customers with their identities. Records of one person share `canonical`."""

    scope = SCOPES
    permission = {  # noqa: RUF012
        "GET": "customers.view_customer",
        "POST": "customers.add_customer",
        "PATCH": "customers.change_customer",
        "PUT": "customers.change_customer",
        "DELETE": "customers.change_customer",
    }
    queryset = Customer.objects.prefetch_related("identities", "tags")
    serializer_class = CustomerSerializer
    filterset_class = CustomerFilterSet
    pagination_class = PeoplePagination

    def people_of(self, row: Customer) -> tuple[int, ...]:
        return (row.pk,)

    @extend_schema(request=NewCustomerSerializer, responses={201: CustomerSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """An identifier that leads to a customer already is answered with 409 and who that is."""
        form = NewCustomerSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        try:
            customer = form.save()
        except IdentityTakenError as taken:
            raise identity_known(taken.identity, request) from taken
        return self.answer(self.get_queryset().get(pk=customer.pk), status=201)

    @extend_schema(parameters=[TAG_KEY], request=None, responses={204: None})
    @action(detail=True, methods=["put"], url_path=r"tags/(?P<key>[-\w]+)", url_name="tag")
    def tag(self, request: Request, key: str, **kwargs: Any) -> Response:
        """The customer has this tag; once more changes nothing, so it needs no `If-Match`."""
        tag_customer(customer=self.get_object(), tag=get_object_or_404(Tag, key=key))
        return Response(status=204)

    @extend_schema(parameters=[TAG_KEY], request=None, responses={204: None})
    @tag.mapping.delete
    def untag(self, request: Request, key: str, **kwargs: Any) -> Response:
        """The customer does not have this tag; once more changes nothing."""
        untag_customer(customer=self.get_object(), tag=get_object_or_404(Tag, key=key))
        return Response(status=204)

from accounts.api.viewsets import ReadOnlyViewSet
from accounts.models import Scope
from customers.api.serializers import CustomerSerializer
from customers.filters import CustomerFilterSet
from customers.models import Customer


class CustomerViewSet(ReadOnlyViewSet):
    """Records of customers with their identities. Records of one person share `canonical`."""

    scope = Scope.CUSTOMERS_READ
    permission = "customers.view_customer"
    queryset = Customer.objects.prefetch_related("identities")
    serializer_class = CustomerSerializer
    filterset_class = CustomerFilterSet

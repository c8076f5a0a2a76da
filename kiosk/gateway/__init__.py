"""Client of the fleet's gateway API.

Whatever goes wrong on the way is None or `UNREACHABLE`, as the ports say; the log holds status
codes and never an address, a case, a person or a body.
"""

from kiosk.gateway.appointments import HttpAppointments
from kiosk.gateway.cases import CASES, HttpGateway, progress_of
from kiosk.gateway.credentials import HttpCredentials
from kiosk.gateway.enquiries import HttpEnquiries
from kiosk.gateway.line import MAX_BODY

__all__ = [
    "CASES",
    "MAX_BODY",
    "HttpAppointments",
    "HttpCredentials",
    "HttpEnquiries",
    "HttpGateway",
    "progress_of",
]

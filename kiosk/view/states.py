"""Where a visit is."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a visit is. Each state has one screen."""

    ATTRACT = "attract"
    SERVICES = "services"
    GUIDE = "guide"
    CARD = "card"
    CONSENT = "consent"
    FACE = "face"
    WAYS = "ways"  # other ways to show who one is
    PIN = "pin"  # a PIN or a one-time code is typed
    WITNESS = "witness"  # a helper says that person and card belong together
    TICKET = "ticket"  # a queue ticket for the desk
    QUESTION = "question"
    MATERIALS = "materials"  # what has to be given, and how
    SCAN = "scan"  # a paper under the document camera
    COMMITMENT = "commitment"  # a text to read and agree to
    NOTICE = "notice"  # what is missing, on paper; nothing is submitted
    CHECK = "check"
    SIGN = "sign"
    PAYMENT = "payment"  # a fee is paid by phone
    SUBMITTING = "submitting"
    PAPERS = "papers"
    RATING = "rating"
    THANKS = "thanks"
    CASES = "cases"  # ways to find a case
    CASE_NUMBER = "case_number"  # its number is typed
    LOOKUP = "lookup"  # the fleet is asked
    CASE_LIST = "case_list"  # of whoever's card was read
    CASE = "case"  # how one stands
    COLLECTING = "collecting"  # its result is fetched
    APPOINTMENT = "appointment"  # of a case: when, where, what to bring
    APPOINTMENT_PLACE = "appointment_place"  # a question about another place
    APPOINTMENT_ASK = "appointment_ask"  # really?
    APPOINTMENT_ACT = "appointment_act"  # the fleet is asked to change it
    HOTLINE = "hotline"  # whom to call, and where to complain
    COMPLAINT = "complaint"  # a question of a complaint
    COMPLAINT_CHECK = "complaint_check"
    LODGED = "lodged"  # a complaint has its number
    INFORMATION = "information"  # what is made public, by shelves
    ARTICLE = "article"  # one page of it
    PRACTICE = "practice"  # how a visit goes, told before it is tried
    PRACTICE_QUESTION = "practice_question"
    PRACTICE_CHECK = "practice_check"
    PRACTICE_END = "practice_end"
    SLIP = "slip"  # something on paper, because it was wished for
    PROBLEM = "problem"
    STILL_THERE = "still_there"
    OUT_OF_SERVICE = "out_of_service"
    STAFF = "staff"  # somebody who works here has signed in

"""An SMSC that is not ours: smpp.twisted3 as a server on loopback.

It speaks JSON, a line each. In, on stdin:
  {"do":"answer","with":[{"id":"0A2F"},{"status":"ESME_RTHROTTLED"},{"silent":true},{"id":"7","receipt":"after"}]}
      how the next submits are answered, one each; then ids are counted
  {"do":"deliver","ref":1,"from":"84…","to":"8283","octets":"<hex>","esm_class":0,"data_coding":0}
  {"do":"unbind"}
Out, on stdout: listening, bound, submit, delivered, closed.
"""

import json
import logging
import os
import sys

from smpp.pdu.constants import command_status_name_map
from smpp.pdu.operations import DeliverSM
from smpp.pdu.pdu_types import (
    AddrNpi,
    AddrTon,
    CommandStatus,
    DataCoding,
    DataCodingDefault,
    DataCodingScheme,
    EsmClass,
    EsmClassGsmFeatures,
    EsmClassMode,
    EsmClassType,
)
from smpp.pdu.sm_encoding import SMStringEncoder
from smpp.twisted.config import SMPPServerConfig
from smpp.twisted.protocol import DataHandlerResponse, SMPPServerProtocol
from smpp.twisted.server import IAuthenticatedSMPP, SMPPServerFactory
from twisted.cred import error
from twisted.internet import defer, reactor, stdio
from twisted.protocols.basic import LineReceiver

ACCOUNT, PASSWORD = "hcc", "matkhau1"

# The libraries print and log.
out, sys.stdout = sys.stdout, open(os.devnull, "w")
logging.basicConfig(level=logging.ERROR)

answers = []
counted = 0
bound = []


def tell(event, **more):
    out.write(json.dumps({"event": event, **more}) + "\n")
    out.flush()


class Accounts:
    """One account. (Twisted's own checker compares octets with letters here.)"""

    def login(self, credentials, mind, *interfaces):
        if (credentials.username, credentials.password) != (ACCOUNT, PASSWORD):
            return defer.fail(error.UnauthorizedLogin())
        return defer.succeed((IAuthenticatedSMPP, credentials.username, lambda: None))


class Telling(SMPPServerProtocol):
    def sendResponse(self, request, status=CommandStatus.ESME_ROK, **params):
        super().sendResponse(request, status=status, **params)
        if self.isBound() and self not in bound:
            bound.append(self)
            tell("bound", mode=self.bind_type.name)

    def onPDURequest_unbind(self, request):
        super().onPDURequest_unbind(request)
        tell("unbound")

    def connectionLost(self, reason):
        super().connectionLost(reason)
        if self in bound:
            bound.remove(self)
        tell("closed")


def text(octets):
    return octets.decode("latin-1") if isinstance(octets, bytes) else octets


def delivery(session, ref, pdu):
    def answered(result):
        tell("delivered", ref=ref, status=command_status_name_map[result.response.status.name])

    def failed(failure):
        tell("delivered", ref=ref, status=-1, error=failure.type.__name__)

    session.sendDataRequest(pdu).addCallbacks(answered, failed)


def receipt(session, submit, of):
    words = f"id:{of} sub:001 dlvrd:001 submit date:2611231405 done date:2611231406 stat:DELIVRD err:000 text:"
    delivery(
        session,
        of,
        DeliverSM(
            source_addr=submit.params["destination_addr"],
            destination_addr=submit.params["source_addr"],
            esm_class=EsmClass(EsmClassMode.DEFAULT, EsmClassType.SMSC_DELIVERY_RECEIPT),
            short_message=words.encode("ascii"),
        ),
    )


def submitted(system_id, session, pdu):
    global counted
    counted += 1
    answer = answers.pop(0) if answers else {"id": f"{counted:08x}"}
    params = pdu.params
    payload = params.get("message_payload")
    if payload:
        words, udh = text(payload), None
    else:
        read = SMStringEncoder().decodeSM(pdu)
        element = SMStringEncoder().getConcatenatedSMInfoElement(pdu)
        words = read.unicode
        udh = element and [element.data.referenceNum, element.data.maximumNum, element.data.sequenceNum]
    sar = [params.get(name) for name in ("sar_msg_ref_num", "sar_total_segments", "sar_segment_seqnum")]
    tell(
        "submit",
        **{"from": text(params["source_addr"]), "to": text(params["destination_addr"])},
        text=words,
        place=udh,
        sar=sar if sar[0] is not None else None,
        payload=bool(payload),
    )
    if answer.get("silent"):
        return defer.Deferred()
    if "status" in answer:
        status = next(one for one in CommandStatus if one.name == answer["status"])
        return DataHandlerResponse(status=status)
    if answer.get("receipt") == "first":
        receipt(session, pdu, answer["id"])
    elif answer.get("receipt") == "after":
        reactor.callLater(0, receipt, session, pdu, answer["id"])
    return DataHandlerResponse(status=CommandStatus.ESME_ROK, message_id=answer["id"])


def deliver(order):
    codings = {0: "SMSC_DEFAULT_ALPHABET", 1: "IA5_ASCII", 3: "LATIN_1", 8: "UCS2"}
    coding = DataCodingDefault[codings[order.get("data_coding", 0)]]
    features = [EsmClassGsmFeatures.UDHI_INDICATOR_SET] if order.get("esm_class", 0) & 0x40 else []
    pdu = DeliverSM(
        source_addr_ton=AddrTon.INTERNATIONAL,
        source_addr_npi=AddrNpi.ISDN,
        source_addr=order["from"].encode(),
        destination_addr=order["to"].encode(),
        esm_class=EsmClass(EsmClassMode.DEFAULT, EsmClassType.DEFAULT, features),
        data_coding=DataCoding(DataCodingScheme.DEFAULT, coding),
        short_message=bytes.fromhex(order["octets"]),
    )
    delivery(bound[-1], order["ref"], pdu)


class Orders(LineReceiver):
    delimiter = b"\n"

    def lineReceived(self, line):
        order = json.loads(line)
        if order["do"] == "answer":
            answers.extend(order["with"])
        elif order["do"] == "deliver":
            deliver(order)
        elif order["do"] == "unbind":
            for session in list(bound):
                session.unbindAndDisconnect()

    def connectionLost(self, reason):
        # The tests are gone.
        if reactor.running:
            reactor.stop()


def main():
    config = SMPPServerConfig(systems={ACCOUNT: {"max_bindings": 4}}, msgHandler=submitted)
    factory = SMPPServerFactory(config, Accounts())
    factory.protocol = Telling
    port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    stdio.StandardIO(Orders())
    tell("listening", port=port.getHost().port)
    reactor.run()


if __name__ == "__main__":
    main()

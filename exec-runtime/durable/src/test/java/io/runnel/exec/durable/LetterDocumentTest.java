package io.runnel.exec.durable;

import static io.runnel.exec.durable.KeptEvents.START;
import static io.runnel.exec.durable.KeptEvents.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

final class LetterDocumentTest {
    private static final LetterDocument DOCUMENT = new LetterDocument("eu-west");

    private static String text(String payload, Optional<RunAnswer> answer) {
        byte[] bytes =
                DOCUMENT.of(event(1, "a", payload), EventEnd.RETRIES_EXHAUSTED, answer, START);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Optional<byte[]> bytes(String text) {
        return Optional.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void itIsWhatDestinationsOfAwsLambdaGet() {
        RunAnswer answer =
                new RunAnswer(
                        200,
                        Optional.of("Unhandled"),
                        Optional.of("7"),
                        bytes("{\"errorType\":\"Oops\"}"));
        assertEquals(
                "{\"version\":\"1.0\",\"timestamp\":\"2026-11-23T10:00:00.123Z\","
                        + "\"requestContext\":{\"requestId\":\"00000000000000000000000001\","
                        + "\"functionArn\":\"arn:runnel:lambda:eu-west:demo:function:hello:7\","
                        + "\"condition\":\"RetriesExhausted\",\"approximateInvokeCount\":1},"
                        + "\"requestPayload\":{\"n\":1},"
                        + "\"responseContext\":{\"statusCode\":200,\"executedVersion\":\"7\","
                        + "\"functionError\":\"Unhandled\"},"
                        + "\"responsePayload\":{\"errorType\":\"Oops\"}}",
                text("{\"n\":1}", Optional.of(answer)));
    }

    @Test
    void whatIsNoJsonStandsThereAsAString() {
        for (String payload :
                new String[] {"", "hi", "{", "{}{}", "\"open", "1 2", "{\"a\":tru}"}) {
            String quoted = payload.replace("\"", "\\\"");
            String told = text(payload, Optional.empty());
            assertEquals(
                    "\"requestPayload\":\"" + quoted + "\"}",
                    told.substring(told.indexOf("\"requestPayload\"")));
        }
        for (String payload : new String[] {"1", "\"hi\"", "null", "[1,{\"a\":[]}]"}) {
            String told = text(payload, Optional.empty());
            assertEquals(
                    "\"requestPayload\":" + payload + "}",
                    told.substring(told.indexOf("\"requestPayload\"")));
        }
    }
}

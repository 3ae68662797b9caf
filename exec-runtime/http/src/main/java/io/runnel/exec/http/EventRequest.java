package io.runnel.exec.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import io.runnel.exec.task.Caller;
import io.runnel.exec.task.TaskRef;
import io.vertx.core.buffer.Buffer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A request as an API Gateway event, payload format 2.0. Pure; to be made off the event loop. */
final class EventRequest {
    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final String DEFAULT = "$default";
    private static final String COOKIE = "cookie";

    private final RequestView request;
    private final Map<String, String> headers;
    private final CallFacts facts;
    private final Buffer body;
    private final Instant now;

    /** Takes what is needed of the request, which is then not touched any more. */
    EventRequest(RequestView request, CallFacts facts, Buffer body, Instant now) {
        this.request = request;
        this.headers = HeaderRules.forGuest(request.headers());
        this.facts = facts;
        this.body = body;
        this.now = now;
    }

    /** The event's JSON. */
    byte[] toJson() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024 + body.length());
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("version", "2.0");
            json.writeStringField("routeKey", routeKey());
            json.writeStringField("rawPath", path());
            json.writeStringField("rawQueryString", request.query());
            writeCookies(json);
            writeHeaders(json);
            writeQuery(json);
            writePathParameters(json);
            writeContext(json);
            writeBody(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return out.toByteArray();
    }

    private String routeKey() {
        return facts.route().map(RouteFacts::key).orElse(DEFAULT);
    }

    private void writePathParameters(JsonGenerator json) throws IOException {
        Map<String, String> parameters = facts.route().map(RouteFacts::parameters).orElse(Map.of());
        if (!parameters.isEmpty()) {
            json.writeObjectFieldStart("pathParameters");
            for (Map.Entry<String, String> one : new TreeMap<>(parameters).entrySet()) {
                json.writeStringField(one.getKey(), one.getValue());
            }
            json.writeEndObject();
        }
    }

    private String path() {
        return facts.rest().isEmpty() ? "/" : facts.rest();
    }

    private void writeCookies(JsonGenerator json) throws IOException {
        String cookies = headers.get(COOKIE);
        if (cookies == null) {
            return;
        }
        json.writeArrayFieldStart("cookies");
        for (String cookie : cookies.split(";", -1)) {
            if (!cookie.isBlank()) {
                json.writeString(cookie.strip());
            }
        }
        json.writeEndArray();
    }

    private void writeHeaders(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("headers");
        json.writeStringField("host", facts.origin().authority());
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (!header.getKey().equals(COOKIE)) {
                json.writeStringField(header.getKey(), header.getValue());
            }
        }
        json.writeEndObject();
    }

    private void writeQuery(JsonGenerator json) throws IOException {
        if (request.query().isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("queryStringParameters");
        for (Map.Entry<String, String> parameter : parameters(request.query()).entrySet()) {
            json.writeStringField(parameter.getKey(), parameter.getValue());
        }
        json.writeEndObject();
    }

    /** A parameter that comes several times is joined by commas, as API Gateway does. */
    static Map<String, String> parameters(String query) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            if (!name.isEmpty()) {
                found.merge(decode(name), decode(value), (a, b) -> a + "," + b);
            }
        }
        return found;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private void writeContext(JsonGenerator json) throws IOException {
        TaskRef task = facts.task().ref();
        String api = facts.route().map(RouteFacts::api).orElse(task.name().value());
        json.writeObjectFieldStart("requestContext");
        json.writeStringField("accountId", task.account().value());
        json.writeStringField("apiId", api);
        writeAuthorizer(json);
        json.writeStringField("domainName", facts.origin().host());
        json.writeStringField("domainPrefix", api);
        json.writeObjectFieldStart("http");
        json.writeStringField("method", request.method());
        json.writeStringField("path", path());
        json.writeStringField("protocol", request.protocol());
        json.writeStringField("sourceIp", facts.origin().client());
        json.writeStringField("userAgent", headers.getOrDefault("user-agent", ""));
        json.writeEndObject();
        json.writeStringField("requestId", request.id().value());
        json.writeStringField("routeKey", routeKey());
        json.writeStringField("stage", facts.route().map(RouteFacts::stage).orElse(DEFAULT));
        json.writeStringField("time", TIME.format(now));
        json.writeNumberField("timeEpoch", now.toEpochMilli());
        json.writeEndObject();
    }

    private void writeAuthorizer(JsonGenerator json) throws IOException {
        switch (facts.caller()) {
            case Caller.Anonymous nobody -> {}
            case Caller.Keyed keyed -> {
                json.writeObjectFieldStart("authorizer");
                json.writeObjectFieldStart("iam");
                json.writeStringField("accountId", keyed.account().value());
                if (!keyed.keyId().isEmpty()) {
                    json.writeStringField("accessKey", keyed.keyId());
                }
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    private void writeBody(JsonGenerator json) throws IOException {
        if (body.length() > 0) {
            byte[] bytes = body.getBytes();
            Optional<String> text = isText() ? utf8(bytes) : Optional.empty();
            json.writeStringField(
                    "body", text.orElseGet(() -> Base64.getEncoder().encodeToString(bytes)));
            json.writeBooleanField("isBase64Encoded", text.isEmpty());
        } else {
            json.writeBooleanField("isBase64Encoded", false);
        }
    }

    /** The types that API Gateway takes for text. */
    private boolean isText() {
        String type = headers.getOrDefault("content-type", "text/plain");
        int end = type.indexOf(';');
        String bare = (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return !headers.containsKey("content-encoding")
                && (bare.startsWith("text/")
                        || bare.endsWith("+json")
                        || bare.endsWith("+xml")
                        || bare.equals("application/json")
                        || bare.equals("application/xml")
                        || bare.equals("application/javascript")
                        || bare.equals("application/x-www-form-urlencoded"));
    }

    private static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}

package io.runnel.routing.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.AccountId;

import java.util.List;

/**
 * Reads the documents of APIs: OpenAPI 3.1 as JSON. Pure; any thread, but reading a large one takes
 * milliseconds, so an event loop leaves it to others.
 *
 * <p>A document is refused at its first flaw, which says where it is. Beyond OpenAPI it has these
 * fields. The ones of a route may stand on its operation, on its path item and on the document; the
 * nearest wins.
 *
 * <table>
 * <caption>Fields of documents</caption>
 * <tr><th>field</th><th>where</th><th>what</th></tr>
 * <tr><td>{@code x-runnel-task}</td><td>of a route; required</td><td>the task it calls: {@code
 * charge}, {@code charge@3}, {@code charge@stable}, {@code acme/charge@live}; without an account the
 * owner's</td></tr>
 * <tr><td>{@code x-runnel-timeout}</td><td>of a route</td><td>how long a call may take: {@code
 * "5s"}, 1 ms to 15 min</td></tr>
 * <tr><td>{@code x-runnel-max-body}</td><td>of a route</td><td>how large a request's body may be:
 * {@code "64KiB"}</td></tr>
 * <tr><td>{@code x-runnel-throttle}</td><td>of a route</td><td>how fast calls may begin at each
 * node: {@code "100/s"} or {@code {"perSecond":100,"burst":200}}</td></tr>
 * <tr><td>{@code x-runnel-cache}</td><td>of a route, for GET and HEAD</td><td>how answers are kept:
 * {@code "60s"} or {@code
 * {"maxAge":"60s","staleWhileRevalidate":"30s","staleIfError":"1h","authenticated":true}}, each at
 * most 365 days</td></tr>
 * <tr><td>{@code x-runnel-parameters}</td><td>of a route</td><td>what is set in the call: at most 32
 * of {@code {"id":"{path.id}","currency":"EUR","who":"{query.who}","lang":"{header.accept-language}"}}
 * </td></tr>
 * <tr><td>{@code x-runnel-webhook}</td><td>of an operation, POST or PUT, with {@code
 * "security":[]} and a task of the owner</td><td>who signs the requests: {@code
 * {"scheme":"github","secret":"HOOK_SECRET"}}, or scheme {@code stripe} or {@code standard}, both
 * with {@code "tolerance":"5m"} if it is to be another, 1 s to 1 h</td></tr>
 * <tr><td>{@code x-runnel-cors}</td><td>of the document</td><td>which pages may call it: {@code
 * true} or {@code
 * {"origins":["https://shop.example"],"headers":[],"expose":[],"maxAge":"10m","credentials":false}}
 * </td></tr>
 * </table>
 *
 * <p>Any other field that begins with {@code x-runnel-} is refused; others that begin with {@code
 * x-} are let be. An operation is for everybody where {@code security} is an empty list, its own or
 * else the document's; everything else needs a key. What {@code parameters} and {@code requestBody}
 * say is asked of requests: {@link RequestChecks}. {@code $ref} leads to the document's own {@code
 * components} only.
 */
public final class ApiDocument {
    /** How long a text may be that is to become a document: blanks count here. */
    static final int MOST_WRITTEN = 4 * Api.MOST_CHARACTERS;

    private ApiDocument() {}

    /**
     * Reads one.
     *
     * @param owner whose API it is
     * @throws ApiDocumentException if it says what no API can be
     */
    public static Api read(String json, AccountId owner) throws ApiDocumentException {
        Place root = root(json);
        if (StrictJson.write(root.node()).length() > Api.MOST_CHARACTERS) {
            throw tooLong();
        }
        return new DocumentReader(root, owner).api();
    }

    /**
     * The document as it is kept: without blanks. That it can be read is another question.
     *
     * @throws ApiDocumentException if it is no object of JSON, or too long
     */
    public static String compact(String json) throws ApiDocumentException {
        String compact = StrictJson.write(root(json).node());
        if (compact.length() > Api.MOST_CHARACTERS) {
            throw tooLong();
        }
        return compact;
    }

    /**
     * The document as the API's users get it: its servers filled in, nothing of Runnel's in it, and
     * with the keys that its operations ask for.
     *
     * @param json one that can be read
     * @param serverUrls where the API is called
     * @throws ApiDocumentException if it is no object of JSON, or too long
     */
    public static String published(String json, List<String> serverUrls)
            throws ApiDocumentException {
        return StrictJson.write(PublishedDocument.of(root(json).node(), serverUrls));
    }

    private static Place root(String json) throws ApiDocumentException {
        if (json.length() > MOST_WRITTEN) {
            throw tooLong();
        }
        try {
            JsonNode node = StrictJson.read(json);
            if (node instanceof ObjectNode) {
                return new Place("", node);
            }
        } catch (JsonProcessingException e) {
            throw new ApiDocumentException(pointer(e), text(e));
        }
        throw new ApiDocumentException("", "must be an object of JSON");
    }

    private static String pointer(JsonProcessingException e) {
        return e.getProcessor() instanceof JsonParser parser
                ? parser.getParsingContext().pathAsPointer().toString()
                : "";
    }

    private static String text(JsonProcessingException e) {
        if (e instanceof StreamConstraintsException) {
            return "is more than %d deep, or has a number or a name that is too long"
                    .formatted(StrictJson.MOST_DEPTH);
        }
        String where =
                e.getLocation() == null
                        ? ""
                        : " (line %d, column %d)"
                                .formatted(
                                        e.getLocation().getLineNr(), e.getLocation().getColumnNr());
        return "is no JSON: " + e.getOriginalMessage() + where;
    }

    private static ApiDocumentException tooLong() {
        return new ApiDocumentException(
                "", "must be at most %d characters, without blanks".formatted(Api.MOST_CHARACTERS));
    }
}

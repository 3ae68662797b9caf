package io.runnel.chaos.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.task.AccountId;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Calls tasks of the account {@code demo} by HTTP/1.1, as a user does. It does not repeat what
 * failed; only a GET on a kept connection that the server had closed meanwhile is sent once more,
 * as browsers do.
 */
final class HttpCaller implements Caller, AutoCloseable {
    /** After which a caller gives up. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Pattern CODE = Pattern.compile("\"code\"\\s*:\\s*\"([a-z-]{1,40})\"");
    private static final Duration CONNECT = Duration.ofSeconds(1);

    private final HttpClient client = PlainHttp.client(CONNECT);
    private final Map<String, URI> pops;
    private final Map<AccountId, String> keys;

    /**
     * @param pops where the POPs listen, by name
     * @param keys bearer tokens of the accounts that call
     */
    HttpCaller(Map<String, URI> pops, Map<AccountId, String> keys) {
        this.pops = Map.copyOf(pops);
        this.keys = Map.copyOf(keys);
    }

    @Override
    public Answer call(CallStream stream, String key) {
        try {
            HttpResponse<byte[]> response =
                    client.send(request(stream, key), HttpResponse.BodyHandlers.ofByteArray());
            String ranAt = response.headers().firstValue("Runnel-Ran-At").orElse("");
            CallEnd end = end(response);
            return new Answer(end, ranAt, end == CallEnd.ANSWERED ? "" : why(response));
        } catch (ConnectException | HttpConnectTimeoutException e) {
            return failed(CallEnd.UNREACHED, e);
        } catch (HttpTimeoutException e) {
            return failed(CallEnd.TIMED_OUT, e);
        } catch (IOException e) {
            return failed(CallEnd.BROKEN, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(CallEnd.UNSENT, e);
        }
    }

    private static Answer failed(CallEnd end, Exception e) {
        String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new Answer(end, "", end.label() + ": " + what);
    }

    /** The status, the problem's code, and what the POP says of the region that it asked last. */
    private static String why(HttpResponse<byte[]> response) {
        Matcher code = CODE.matcher(new String(response.body(), UTF_8));
        String proxy = response.headers().firstValue("Proxy-Status").orElse("");
        return "%d %s %s"
                .formatted(response.statusCode(), code.find() ? code.group(1) : "", proxy)
                .strip();
    }

    private HttpRequest request(CallStream stream, String key) {
        URI pop = pops.get(stream.pop());
        if (pop == null) {
            throw new IllegalArgumentException("no POP here: " + stream.pop());
        }
        URI uri = pop.resolve("/fn/demo/" + stream.task().task());
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
        if (stream.keyed()) {
            request.header("Idempotency-Key", key);
        }
        stream.account()
                .ifPresent(account -> request.header("Authorization", "Bearer " + key(account)));
        return switch (stream.method()) {
            case GET -> request.GET().build();
            case POST -> request.POST(HttpRequest.BodyPublishers.ofString(key)).build();
        };
    }

    private String key(AccountId account) {
        String key = keys.get(account);
        if (key == null) {
            throw new IllegalArgumentException("no key of account: " + account);
        }
        return key;
    }

    private static CallEnd end(HttpResponse<?> response) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return CallEnd.ANSWERED;
        }
        boolean comeAgain = response.headers().firstValueAsLong("Retry-After").orElse(-1) >= 0;
        return switch (comeAgain ? status : 0) {
            case 503 -> CallEnd.REFUSED;
            case 429 -> CallEnd.LIMITED;
            default -> CallEnd.ERROR;
        };
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

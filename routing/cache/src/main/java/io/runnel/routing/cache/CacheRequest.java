package io.runnel.routing.cache;

/**
 * A request as the cache sees it.
 *
 * @param space what keeps caches apart, as an API and its revision: any text. Nothing of one space
 *     is ever given in another
 * @param method as it came: {@code GET}
 * @param scheme {@code https}
 * @param authority host and port as they came; case does not matter, nor does a scheme's own port
 * @param target path and query as they came
 * @param headers must stay as they are until the {@link Keeping} of this request is finished or
 *     given up; asked only by the thread that calls
 * @param authenticated whether the caller proved who it is, by whatever credential. A request with
 *     an Authorization header counts as such anyway
 * @param hasBody whether there is a body: then nothing is kept, whatever the method
 */
public record CacheRequest(
        String space,
        String method,
        String scheme,
        String authority,
        String target,
        HeaderView headers,
        boolean authenticated,
        boolean hasBody) {

    boolean isHead() {
        return method.equals("HEAD");
    }

    boolean isGet() {
        return method.equals("GET");
    }
}

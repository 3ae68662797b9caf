package io.runnel.region.server.control;

import io.runnel.exec.task.Qualifier;
import io.runnel.routing.api.ApiDocument;
import io.runnel.routing.api.ApiDocumentException;
import io.runnel.routing.api.ApiPage;
import io.runnel.routing.catalog.AccountApis;
import io.runnel.routing.catalog.ApiRecord;
import io.runnel.routing.catalog.ApiRevisionRecord;
import io.runnel.routing.catalog.Stamped;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What is told of an account's APIs: to the account, and for their users. */
final class ApiPages {
    static final int MOST_SERVERS = 8;

    private static final int MOST_SERVER_CHARACTERS = 2_048;
    private static final String JSON = "application/json";

    /** The page runs what stands in it, asks the servers that it is for, and nothing else. */
    private static final String POLICY =
            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline';"
                    + " connect-src http: https:; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'; sandbox allow-scripts";

    private final ControlSettings settings;

    ApiPages(ControlSettings settings) {
        this.settings = settings;
    }

    /** All of an account, without their routes. */
    CompletionStage<Reply> list(Call call) {
        return CompletableFuture.completedFuture(
                Reply.ok(
                        ControlJson.list(
                                "apis",
                                call.catalog().apis(call.account()).all(),
                                (one, api) -> ApiFields.put(one, api.value()))));
    }

    /** One, with its revisions and the routes of its stages. */
    CompletionStage<Reply> show(Call call) {
        Stamped<ApiRecord> api = ApiOperations.required(call, call.catalog());
        String tag = EntityTag.of(call.catalog(), call.account(), api.seq());
        if (EntityTag.isKnown(call, tag)) {
            return CompletableFuture.completedFuture(Reply.empty(304).with("ETag", tag));
        }
        AccountApis apis = call.catalog().apis(call.account());
        return CompletableFuture.supplyAsync(
                () -> Reply.ok(ApiFields.of(api.value(), apis)).with("ETag", tag), settings.disk());
    }

    /** A revision's document, as its owner wrote it. */
    CompletionStage<Reply> document(Call call) {
        ApiRevisionRecord revision = asked(call);
        return CompletableFuture.supplyAsync(
                () -> Reply.text(JSON, ApiDocuments.text(revision)), settings.disk());
    }

    /** The same as its users get it. */
    CompletionStage<Reply> published(Call call) {
        ApiRevisionRecord revision = asked(call);
        List<String> servers = servers(call);
        return CompletableFuture.supplyAsync(
                () -> Reply.text(JSON, published(revision, servers)), settings.disk());
    }

    /** The same as a page to read, and to try. */
    CompletionStage<Reply> page(Call call) {
        ApiRevisionRecord revision = asked(call);
        List<String> servers = servers(call);
        return CompletableFuture.supplyAsync(
                () ->
                        Reply.text(
                                "text/html; charset=utf-8",
                                ApiPage.html(published(revision, servers)),
                                POLICY),
                settings.disk());
    }

    private static String published(ApiRevisionRecord revision, List<String> servers) {
        try {
            return ApiDocument.published(ApiDocuments.text(revision), servers);
        } catch (ApiDocumentException e) {
            throw RefusedException.invalid("revision", "its document cannot be read any more");
        }
    }

    /** By its number, or what a stage has; what users get if neither is asked for. */
    private static ApiRevisionRecord asked(Call call) {
        ApiRecord api = ApiOperations.required(call, call.catalog()).value();
        Optional<String> revision = call.query("revision");
        Optional<String> stage = call.query("stage");
        if (revision.isPresent() && stage.isPresent()) {
            throw RefusedException.invalid("stage", "goes with no revision");
        }
        int number =
                revision.map(ApiPages::number)
                        .orElseGet(
                                () ->
                                        ApiOperations.stage(api, stage.orElse(ApiRecord.LIVE))
                                                .revision());
        return ApiOperations.revision(
                call.catalog().apis(call.account()), api.name().name(), number);
    }

    private static int number(String text) {
        return Qualifier.parse(text)
                .map(Qualifier::version)
                .filter(version -> version > 0)
                .orElseThrow(() -> new RefusedException(ControlError.REVISION_NOT_FOUND));
    }

    /** Where users are to call it. */
    private static List<String> servers(Call call) {
        List<String> servers = call.request().params().getAll("server");
        if (servers.size() > MOST_SERVERS || !servers.stream().allMatch(ApiPages::isServer)) {
            throw RefusedException.invalid(
                    "server",
                    "must be at most %d addresses that begin with http:// or https://"
                            .formatted(MOST_SERVERS));
        }
        return servers;
    }

    private static boolean isServer(String text) {
        try {
            URI uri = new URI(text);
            return text.length() <= MOST_SERVER_CHARACTERS
                    && Set.of("http", "https").contains(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}

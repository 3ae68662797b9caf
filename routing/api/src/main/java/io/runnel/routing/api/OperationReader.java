package io.runnel.routing.api;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.exec.task.AccountId;

import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads a document's operations. One thread. */
final class OperationReader {
    private static final String SECURITY = "security";
    private static final Set<String> FIELDS =
            Set.of(
                    "tags",
                    "summary",
                    "description",
                    "externalDocs",
                    "operationId",
                    "parameters",
                    "requestBody",
                    "responses",
                    "callbacks",
                    "deprecated",
                    SECURITY,
                    "servers");
    private static final Set<String> CACHED = Set.of("GET", "HEAD");
    private static final Set<String> SIGNED = Set.of("POST", "PUT");

    private final Place root;
    private final AccountId owner;
    private final RouteSettings outer;
    private final CheckReader checks;

    OperationReader(Place root, AccountId owner, RouteSettings outer, CheckReader checks)
            throws ApiDocumentException {
        this.root = root;
        this.owner = owner;
        this.outer = outer;
        this.checks = checks;
        requireSecurity(root);
    }

    /** An operation without its schemas, which are made ready together. */
    record Draft(Place place, Function<JsonSchemas, Operation> made) {
        Operation operation(JsonSchemas schemas) {
            return made.apply(schemas);
        }
    }

    Draft read(String method, RouteTemplate template, Place item, Place place)
            throws ApiDocumentException {
        Extensions.checkOperation(place, FIELDS);
        requireSecurity(place);
        RouteSettings own = RouteSettings.read(place, owner);
        boolean cached = CACHED.contains(method);
        if (own.cache().isPresent() && !cached) {
            throw place.required(Extensions.CACHE).flaw("is for GET and HEAD only");
        }
        RouteSettings settings = own.or(RouteSettings.read(item, owner)).or(outer);
        RouteTask task = settings.task().orElseThrow(() -> withoutTask(place));
        boolean open = isOpen(place.node(), root.node());
        SortedMap<String, ParameterSource> parameters = parameters(settings, template, method);
        Optional<WebhookRule> webhook = webhook(method, place, task, open);
        Function<JsonSchemas, RequestChecks> check = checks.read(template, item, place);
        return new Draft(
                place,
                schemas ->
                        new Operation(
                                method,
                                template,
                                task.ref(),
                                task.version(),
                                open,
                                settings.timeout(),
                                settings.mostBody(),
                                settings.throttle(),
                                settings.cache().filter(_ -> cached),
                                parameters,
                                check.apply(schemas),
                                webhook));
    }

    private static ApiDocumentException withoutTask(Place place) {
        return place.flaw(
                "must have %s, of its own, of its path or of the document"
                        .formatted(Extensions.TASK));
    }

    private static void requireSecurity(Place place) throws ApiDocumentException {
        Optional<Place> security = place.field(SECURITY);
        if (security.isPresent()) {
            for (Place element : security.get().elements()) {
                element.requireObject();
            }
        }
    }

    /** Whether an operation is for everybody: its own list is empty, or else the document's. */
    static boolean isOpen(JsonNode operation, JsonNode root) {
        JsonNode own = operation.path(SECURITY);
        JsonNode list = own.isMissingNode() ? root.path(SECURITY) : own;
        return list.isArray() && list.isEmpty();
    }

    private static SortedMap<String, ParameterSource> parameters(
            RouteSettings settings, RouteTemplate template, String method)
            throws ApiDocumentException {
        if (settings.parameters().isEmpty()) {
            return new TreeMap<>();
        }
        RouteSettings.SetParameters set = settings.parameters().get();
        for (ParameterSource source : set.sources().values()) {
            if (source instanceof ParameterSource.OfPath(String name)
                    && !template.parameters().contains(name)) {
                throw set.place()
                        .flaw(
                                "names {path.%s}, which %s %s does not have"
                                        .formatted(name, method, template));
            }
        }
        return set.sources();
    }

    private Optional<WebhookRule> webhook(String method, Place place, RouteTask task, boolean open)
            throws ApiDocumentException {
        Optional<Place> field = place.field(Extensions.WEBHOOK);
        if (field.isEmpty()) {
            return Optional.empty();
        }
        Place at = field.get();
        WebhookRule rule = RuleFields.webhook(at);
        if (!SIGNED.contains(method)) {
            throw at.flaw("is for POST and PUT only");
        }
        if (!open) {
            throw at.flaw("needs \"security\": [], since the signature is the proof");
        }
        if (!task.ref().account().equals(owner)) {
            throw at.flaw("needs a task of %s, whose secret it is".formatted(owner));
        }
        return Optional.of(rule);
    }
}

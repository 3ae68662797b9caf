package io.runnel.routing.api;

import io.runnel.exec.task.AccountId;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one document. One thread, once. */
final class DocumentReader {
    private static final Pattern VERSION = Pattern.compile("3\\.1\\.\\d{1,3}");
    private static final int LONGEST_TITLE = 256;
    private static final Set<String> FIELDS =
            Set.of(
                    "openapi",
                    "info",
                    "jsonSchemaDialect",
                    "servers",
                    "paths",
                    "webhooks",
                    "components",
                    "security",
                    "tags",
                    "externalDocs");
    private static final Set<String> FIELDS_OF_PATHS =
            Set.of("$ref", "summary", "description", "servers", "parameters");
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch");
    private static final Set<String> DIALECTS =
            Set.of(
                    "https://spec.openapis.org/oas/3.1/dialect/base",
                    "https://json-schema.org/draft/2020-12/schema");

    private final Place root;
    private final References references;
    private final OperationReader operations;
    private final SchemaCopies schemas;
    private final List<OperationReader.Draft> drafts = new ArrayList<>();

    DocumentReader(Place root, AccountId owner) throws ApiDocumentException {
        this.root = root;
        this.references = new References(root);
        this.schemas = new SchemaCopies(root);
        Extensions.checkRoot(root, FIELDS);
        this.operations =
                new OperationReader(
                        root,
                        owner,
                        RouteSettings.read(root, owner),
                        new CheckReader(references, schemas));
    }

    Api api() throws ApiDocumentException {
        if (!VERSION.matcher(root.required("openapi").text()).matches()) {
            throw root.required("openapi").flaw("must be 3.1.0 or another 3.1");
        }
        Optional<Place> dialect = root.field("jsonSchemaDialect");
        if (dialect.isPresent() && !DIALECTS.contains(dialect.get().text())) {
            throw dialect.get().flaw("must be OpenAPI 3.1's or JSON Schema 2020-12");
        }
        String title = title();
        Optional<Place> cors = root.field(Extensions.CORS);
        Optional<CorsRule> corsRule =
                cors.isPresent() ? RuleFields.cors(cors.get()) : Optional.empty();
        for (Map.Entry<String, Place> path : root.required("paths").fields().entrySet()) {
            readPath(path.getKey(), path.getValue());
        }
        if (drafts.isEmpty()) {
            throw root.required("paths").flaw("must have an operation");
        }
        JsonSchemas compiled = schemas.compile();
        List<Operation> all = new ArrayList<>();
        RouteTable.Builder table = new RouteTable.Builder();
        for (OperationReader.Draft draft : drafts) {
            Operation operation = draft.operation(compiled);
            Optional<Operation> other = table.add(operation);
            if (other.isPresent()) {
                throw draft.place()
                        .flaw(
                                "%s matches the same as %s"
                                        .formatted(operation.key(), other.get().key()));
            }
            all.add(operation);
        }
        RouteTable routes = root.required("paths").built(table::build);
        return new Api(title, List.copyOf(all), corsRule, routes);
    }

    private String title() throws ApiDocumentException {
        Place info = root.required("info").requireObject();
        Extensions.checkNone(info);
        Place title = info.required("title");
        String text = title.text();
        if (text.isBlank() || text.length() > LONGEST_TITLE) {
            throw title.flaw("must be 1 to %d characters".formatted(LONGEST_TITLE));
        }
        return text;
    }

    private void readPath(String path, Place at) throws ApiDocumentException {
        if (Extensions.isOurs(path)) {
            throw at.flaw("is not known here");
        }
        if (path.startsWith("x-")) {
            return;
        }
        RouteTemplate template = at.built(() -> RouteTemplate.parse(path));
        Place item = references.follow(at, "pathItems");
        if (!item.equals(at)) {
            onlyReference(at);
        }
        checkItem(item);
        for (Map.Entry<String, Place> field : item.fields().entrySet()) {
            if (METHODS.contains(field.getKey())) {
                if (drafts.size() == Api.MOST_OPERATIONS) {
                    throw root.required("paths")
                            .flaw("must have at most %d operations".formatted(Api.MOST_OPERATIONS));
                }
                String method = field.getKey().toUpperCase(Locale.ROOT);
                drafts.add(operations.read(method, template, item, field.getValue()));
            }
        }
    }

    /** What stands beside a reference would be overlooked. */
    private static void onlyReference(Place at) throws ApiDocumentException {
        for (Map.Entry<String, Place> field : at.fields().entrySet()) {
            if (!field.getKey().equals(References.REF)) {
                throw field.getValue().flaw("must not stand beside $ref");
            }
        }
    }

    private static void checkItem(Place item) throws ApiDocumentException {
        Optional<Place> trace = item.field("trace");
        if (trace.isPresent()) {
            throw trace.get().flaw("cannot be: no node answers TRACE");
        }
        Set<String> fields = new HashSet<>(FIELDS_OF_PATHS);
        fields.addAll(METHODS);
        Extensions.checkPathItem(item, fields);
    }
}

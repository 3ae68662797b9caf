package io.runnel.region.server.control;

import io.runnel.exec.task.TaskRef;
import io.runnel.routing.api.Operation;
import io.runnel.routing.catalog.AccountApis;
import io.runnel.routing.catalog.ApiRecord;
import io.runnel.routing.catalog.ApiStage;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.Stamped;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** That what a grant on an API says is of that API. */
final class GrantedRoutes {
    private GrantedRoutes() {}

    /**
     * Refuses a stage that there is not, and routes that no stage has which the grant is for.
     * Blocks: documents are read for it.
     */
    static void require(Catalog catalog, GrantRecord grant) {
        TaskRef name = grant.task();
        AccountApis apis = catalog.apis(name.account());
        ApiRecord api =
                apis.api(name.name()).map(Stamped::value).orElseThrow(TaskOperations::notFound);
        if (grant.only().version() > 0) {
            throw RefusedException.invalid(
                    "version", "goes with tasks: of an API name a stage, as alias");
        }
        String stage = grant.only().alias();
        if (!stage.isEmpty() && !stage.equals(ApiRecord.LIVE)) {
            var unused = ApiOperations.stage(api, stage);
        }
        if (grant.terms().routes().isEmpty()) {
            return;
        }
        Collection<ApiStage> stages =
                stage.isEmpty()
                        ? api.stages().values()
                        : Optional.ofNullable(api.stages().get(stage)).stream().toList();
        requireRoutes(grant.terms().routes(), routes(apis, name, stages));
    }

    private static void requireRoutes(List<String> asked, Set<String> known) {
        for (String route : asked) {
            if (!known.contains(route)) {
                throw RefusedException.invalid(
                        "routes", "no stage that the grant is for has a route " + route);
            }
        }
    }

    private static Set<String> routes(AccountApis apis, TaskRef name, Collection<ApiStage> stages) {
        return stages.stream()
                .map(ApiStage::revision)
                .distinct()
                .flatMap(revision -> apis.revision(name.name(), revision).stream())
                .flatMap(revision -> ApiDocuments.read(revision).stream())
                .flatMap(api -> api.operations().stream())
                .map(Operation::key)
                .collect(Collectors.toUnmodifiableSet());
    }
}

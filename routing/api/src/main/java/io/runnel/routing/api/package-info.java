/**
 * What an API is: tasks grouped as routes, and what each route asks of a request (US10203990). Its
 * owner writes it as an OpenAPI 3.1 document.
 */
package io.runnel.routing.api;

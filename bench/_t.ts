import process from "node:process"; (globalThis as any).process = process;
import { loadTensorFlow } from "@etude/etude/tensorflow";
import { LanguageModel } from "/work/wt/language/notebooks/language_model.ts";
const prefer = Deno.args[0] as any;
const { tf, backend } = await loadTensorFlow({ prefer });
console.log(backend);
for (const [width, depth, context, B] of [[16,2,32,16],[32,2,32,16],[64,2,32,16],[64,3,32,16],[128,2,32,16],[128,4,64,16]] as const) {
  const size = { width, depth, context, vocabulary: 65 };
  const m = new LanguageModel(tf, size);
  const x = tf.randomUniform([B, context+1], 0, 65, "int32", 1);
  let last = NaN;
  const step = async () => { const l = m.step(x, 0.005); last = (await l.data())[0]!; l.dispose(); };
  for (let i=0;i<3;i++) await step();
  const n0 = tf.memory().numTensors;
  const ts: number[] = [];
  const c0 = process_cpu();
  for (let i=0;i<12;i++) { const t=performance.now(); await step(); ts.push(performance.now()-t); }
  const c1 = process_cpu();
  ts.sort((a,b)=>a-b);
  console.log(width, depth, context, "params", m.count, "ms/step min", ts[0].toFixed(1), "median", ts[6].toFixed(1), "cpu", ((c1-c0)/12).toFixed(1), "loss", last.toFixed(3), "leak", tf.memory().numTensors-n0);
  m.dispose(); x.dispose();
}
function process_cpu(){ const u = (globalThis as any).process?.cpuUsage?.() ?? {user:0,system:0}; return (u.user+u.system)/1000; }

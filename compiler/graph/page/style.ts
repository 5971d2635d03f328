/** Look of the page; dark where the reader's system is. */
export const style = `
:root{color-scheme:light dark;--ground:#f6f7f9;--panel:#fff;--ink:#1c2430;--soft:#5d6878;--rule:#d5dae2;--line:#8b96a5;
--endpoint:#2563c9;--source:#7a4fc0;--destination:#0f7f86;--pipeline:#9a6700;--queue:#b4540a;--bounce:#8a6d3b;--target:#1a7f4e;--no:#c2362b;--mark:#ffe9a8}
@media(prefers-color-scheme:dark){:root{--ground:#14181f;--panel:#1d232c;--ink:#e4e9f0;--soft:#97a3b4;--rule:#343d4a;--line:#66738a;
--endpoint:#6ea3ff;--source:#b795f0;--destination:#4cc0c7;--pipeline:#dcae4f;--queue:#f0944d;--bounce:#cdb07a;--target:#4fc98b;--no:#ff7b6e;--mark:#5a4a12}}
*{box-sizing:border-box}
html,body{height:100%;margin:0}
body{display:flex;flex-direction:column;background:var(--ground);color:var(--ink);font:14px/1.45 system-ui,sans-serif}
header{display:flex;gap:12px;align-items:center;padding:8px 14px;background:var(--panel);border-bottom:1px solid var(--rule)}
h1{flex:none;max-width:60%;font-size:15px;font-weight:600;margin:0;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
#search{flex:0 99 340px;min-width:90px;margin-left:auto;padding:5px 10px;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--rule);border-radius:6px}
#found{min-width:5em;color:var(--soft)}
.tools{display:flex}
button{min-width:32px;padding:4px 9px;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--rule);cursor:pointer}
.tools button:first-child{border-radius:6px 0 0 6px}.tools button:last-child{border-radius:0 6px 6px 0}.tools button+button{border-left:0}
main{flex:1;display:flex;min-height:0}
#stage{position:relative;flex:1;min-width:0;overflow:hidden;cursor:grab;touch-action:none}
#stage.moving{cursor:grabbing}
#picture{position:absolute;inset:0;width:100%;height:100%}
#split{flex:0 0 5px;background:var(--rule);cursor:col-resize;touch-action:none}
aside{flex:0 0 34%;min-width:120px;overflow:auto;background:var(--panel);font:12px/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace}
summary{position:sticky;top:0;z-index:1;padding:6px 14px;background:var(--panel);border-bottom:1px solid var(--rule);color:var(--soft);cursor:pointer}
ol{margin:0;padding:6px 0 60vh;list-style:none;counter-reset:line;min-width:max-content}
aside li{scroll-margin-top:34px;counter-increment:line;white-space:pre;padding-right:14px;min-height:1.55em}
aside li::before{content:counter(line);display:inline-block;width:3.4em;margin-right:1.2em;text-align:right;color:var(--soft);opacity:.7;user-select:none}
aside li.comment{color:var(--soft)}
aside li.linked{cursor:pointer}
aside li.linked:hover{background:color-mix(in srgb,var(--mark) 40%,transparent)}
aside li.here{background:var(--mark)}
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;fill:var(--soft)}
text.title{font-weight:700;fill:var(--ink)}
text.reject{fill:var(--no)}
.node{cursor:pointer;outline:none}
.node rect{fill:var(--panel);stroke:var(--rule);stroke-width:1.2}
.node:hover rect,.node:focus-visible rect{stroke:var(--kind)}
.stripe{fill:none;stroke:var(--kind);stroke-width:3.5;stroke-linecap:round}
.endpoint{--kind:var(--endpoint)}.source{--kind:var(--source)}.destination{--kind:var(--destination)}.pipeline{--kind:var(--pipeline)}
.queue{--kind:var(--queue)}.bounce{--kind:var(--bounce)}.target{--kind:var(--target)}.refuses{--kind:var(--no)}
.endpoint rect,.target rect{fill:color-mix(in srgb,var(--kind) 9%,var(--panel))}
.refuses rect{fill:color-mix(in srgb,var(--no) 7%,var(--panel))}
.edge{fill:none;stroke:var(--line);stroke-width:1.4}
.edge.failure{stroke-dasharray:5 4;stroke:var(--bounce)}
.routed .node:not(.taken),.routed .edge:not(.taken){opacity:.28}
.routed .edge.taken{stroke:var(--target);stroke-width:3}
.routed .node.taken rect{stroke:var(--target);stroke-width:2}
.chosen .node:not(.near),.chosen .edge:not(.near){opacity:.22}
.chosen .node.near,.chosen .edge.near{opacity:1}
.edge.near{stroke-width:2.2}
.node.here rect{stroke:var(--kind);stroke-width:2.6}
.searching .node:not(.hit){opacity:.22}.searching .edge{opacity:.15}
#way{flex:none;max-height:40vh;overflow:auto;padding:6px 14px;background:var(--panel);border-bottom:1px solid var(--rule);border-left:5px solid var(--target)}
#way p{margin:0;overflow-wrap:anywhere}
.steps{display:flex;flex-wrap:wrap;gap:4px 0;margin:4px 0 8px;padding:0;min-width:0;list-style:none}
.steps[hidden]{display:none}
.steps li{display:flex;max-width:100%}
.steps li+li::before{content:"\\203A";padding:0 6px;color:var(--soft)}
.steps button{min-width:0;padding:0 8px;border-left:3px solid var(--kind);border-radius:4px;font-size:12px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.steps button.shown{background:color-mix(in srgb,var(--kind) 16%,var(--ground))}
#legend{position:absolute;left:14px;bottom:10px;max-width:calc(100% - 28px);display:flex;flex-wrap:wrap;gap:4px 14px;margin:0;padding:4px 10px;list-style:none;font-size:12px;color:var(--soft);background:color-mix(in srgb,var(--panel) 85%,transparent);border-radius:6px;pointer-events:none}
#legend li::before{content:"";display:inline-block;width:9px;height:9px;margin-right:6px;border-radius:2px;background:var(--kind)}
.low{flex-direction:column}
.low aside{flex-basis:42%}
.low #split{cursor:row-resize}
.low ol{padding-bottom:30vh}
@media(max-width:520px){header{flex-wrap:wrap}h1{flex:1;min-width:0;max-width:none}#search{order:1;flex:1 0 100%;min-width:0;margin:0}#found{order:2}#found:empty{display:none}}
@media(max-width:760px){main{flex-direction:column}aside{flex-basis:40%}#split{display:none}}
@media print{aside,#split,header .tools,#search{display:none}}
`;

/** Words that name the product, its parts or its makers, and so never a thing that it keeps. */
export const notAnEntity = new Set(
  `api apis app apps application applications service services microservice backend frontend server system software platform website site web
   endpoint endpoints entity entities attribute attributes schema
   following functionality support stack database db sqlite storage persistence memory disk file
   flask python node nodejs rust cargo react vite typescript javascript express nestjs golang java maven javalin spring rest restful http json jwt crud auth authentication authorization tokens login registration password passwords credentials
   validation error errors body payload header headers status code codes format port prefix pagination page pages sorting filtering
   it they that this which who one ones each every there everything anything something nothing all both and or the a an way ways thing things kind kinds
   hour hours minute minutes second seconds day days character characters digit digits user-friendly best practices practice purposes purpose use uses
   environment variable variables config configuration example examples documentation docs readme license licence dependencies time times
   logging metrics security access`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Words of the trade that may as well name a thing, where they come with fields of their own: 'tables (number, seats)'. */
export const rarelyEntity = new Set(
  `tool tools table tables field fields type types list lists order test tests log logs message model models resource resources request requests response responses answer answers result results program product document documents
   client clients caller callers visitor visitors column columns property properties letter letters method methods operation operations project projects feature features requirement requirements route routes path paths url urls setting settings token tokens dependency
   people person users user`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Words that end a noun phrase read backwards, or are skipped at its start. */
export const boundary = new Set(
  `a an the some any my our your their his her its this that these those each every all both many several multiple various different new existing single simple small tiny little basic minimal full complete
   nice clean good great modern robust solid personal own favourite favorite common typical standard production-ready secure private public
   of for to from in on at by with without about into over and or plus as via using through where when if then while so than also
   manage manages managing managed track tracks tracking keep keeps keeping store stores storing stored save saves saving handle handles handling handled create creates creating created add adds adding
   build builds building make makes making write writes writing develop implement design provide provides providing expose exposes exposing serve serves serving offer offers list lists listing read update delete
   post posts get gets put patch returns return answer answers support supports maintain maintains maintaining organise organize organising organizing
   record records recording collect collects register registers crud api apis service backend server app application system inventory catalogue catalog collection database list endpoints endpoint flask python rust react vite node node.js
   typescript javascript express rest restful http json let lets can could should shall must may might will would want wants need needs like please i we you they it who which has have having is are be
   called named exactly most least than entity entities resource resources model models between stores whose yes maybe moms mum's mom's dad's dads wife's husband's grandma's grandmother's friend's boss's there only invalid valid missing unknown wrong empty required optional mandatory unique`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Adjectives that say what is wrong with a value: no part of a field's name. */
export const judging =
  /\b(invalid|missing|empty|unknown|wrong|valid|existing|duplicate|same|given|incorrect|malformed|negative|another|other|different|no|too|already|required fields?|all|any|these|those|following|only|its id|ids?)\b/i;

/** What is a feature of an API rather than a field of a thing. */
export const featureWords =
  /\b(jwt|auth|authentication|authorization|oauth\d?|tokens?|log-?in|login|sign-?(?:in|up)|crud|pagination|paging|searching|filtering|sorting|tests?|testing|pytest|docker\w*|kubernetes|sqlite|postgres\w*|mysql|mongo\w*|redis|database|swagger|openapi|validation|health|readme|rate[- ]limit\w*|cors|persist\w*|endpoints?|apis?|logging|caching|documentation|licen[cs]e|web-?sockets?|graphql|e-?mails? on|notifications?)\b/i;
